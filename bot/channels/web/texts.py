"""The words of the web page itself, in each language: names of buttons, what goes on, what went wrong.

What the tutor says stands in lessons/phrases/; here is only what belongs to this channel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Problem:
    """A page that says what didn't work, and that nothing is lost."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """All words of the page in one language."""

    name: str
    about: str
    skip: str
    ways: str  # of the row of buttons on top, heard only
    menu: str
    help: str
    settings: str
    urgent: str
    choices: str  # of the list of buttons, heard only
    write: str
    send: str
    sending: str
    lost: str  # no connection
    trouble: str  # the server can't
    again: str
    drop: str
    you: str
    hidden: str  # of a secret, heard only
    earlier: str
    picture: str
    export: str
    link: str  # {title}
    open: str
    invitation: str
    open_invitation: str
    stay: str
    reload: str
    no_lesson: str
    team: str  # {team}
    open_team: str
    no_team: str
    retype: str
    home: str
    cookies: str
    hear_step: str  # name of the player, at a step of a lesson
    hear_this: str  # and anywhere else
    hear_size: str  # {label}, {size} in kB
    hear_again: str
    slower: str
    faster: str
    unplayed: str  # the browser or the network can't play it
    speak: str
    speaking: str  # seen while it records
    said: str  # in place of what was said, which the page doesn't know
    no_microphone: str
    now_speak: str  # the microphone was allowed only after the learner let go
    mute: Problem
    stale: Problem
    no_cookie: Problem
    strange: Problem
    too_big: Problem
    nowhere: Problem
    broken: Problem


TEXTS: dict[str, Texts] = {
    "vi": Texts(
        name="Học Số",
        about="Học căn cước điện tử, trả tiền qua điện thoại, làm giấy tờ trên mạng và tránh bị lừa, từng bước nhỏ.",
        skip="Đến thẳng lời của Học Số",
        ways="Lối đi nhanh",
        menu="Mục lục",
        help="Giúp đỡ",
        settings="Cài đặt",
        urgent="Có người hỏi mã?",
        choices="Các lựa chọn",
        write="Hoặc gõ số, gõ chữ vào đây:",
        send="Gửi",
        sending="Đang gửi…",
        lost="Mạng yếu, đang gửi lại…",
        trouble="Máy chủ đang bận, đang gửi lại…",
        again="Gửi lại ngay",
        drop="Thôi, không gửi nữa",
        you="Đã gửi:",
        hidden="đã che",
        earlier="Xem lại những lời trước",
        picture="Trong hình:",
        export="Bản cho máy tính (JSON)",
        link="Đường dẫn này mở bài **{title}**.",
        open="Mở bài này",
        invitation="Đường dẫn này mở một lời mời của văn phòng Học Số.",
        open_invitation="Xem lời mời",
        stay="Không, về chỗ đang học",
        reload="Mở lại trang",
        no_lesson="Đường dẫn vừa rồi chỉ đến một bài không còn ở đây. Chỗ đang học vẫn được giữ.",
        team="Đường dẫn này là của **{team}**. Bấm nút dưới đây, Học Số sẽ hỏi có muốn vào tổ không.",
        open_team="Đi tiếp với tổ này",
        no_team="Đường dẫn vừa rồi chỉ đến một tổ không có ở đây, hoặc đã nghỉ. Vẫn học được như thường.",
        retype="Để giữ bí mật, trang này không giữ chữ vừa gõ. Một lát nữa, gõ lại vào ô bên dưới.",
        home="Về chỗ đang học",
        cookies="Trình duyệt đang chặn cookie, nên trang này không giữ được chỗ học. "
        "Nhờ người nhà bật cookie lên giúp.",
        hear_step="Nghe bước này",
        hear_this="Nghe lời này",
        hear_size="{label} (khoảng {size} kB)",
        hear_again="Nghe lại",
        slower="Chậm hơn",
        faster="Nhanh hơn",
        unplayed="Chưa nghe được lời này. Chữ vẫn còn trên trang.",
        speak="Giữ để nói",
        speaking="Đang nghe. Nói xong mới nhấc tay.",
        said="lời vừa nói",
        no_microphone="Trang này chưa được dùng micro. Nếu máy hỏi, chọn Cho phép. Nếu máy không hỏi, "
        "nhờ người nhà bật micro cho trang này. Gõ số hoặc gõ chữ vẫn được.",
        now_speak="Micro đã bật. Giữ nút lần nữa rồi nói.",
        mute=Problem(
            "Chưa đọc thành tiếng được",
            "Máy chủ chưa đọc được lời này thành tiếng. Chữ vẫn còn trên trang. Bấm nút dưới đây để học tiếp.",
        ),
        stale=Problem(
            "Cần mở lại trang",
            "Trang này mở đã lâu, nên điều vừa gửi chưa được nhận. Chỗ đang học không mất. "
            "Bấm nút dưới đây để mở lại trang.",
        ),
        no_cookie=Problem(
            "Chưa nhận được",
            "Trình duyệt chưa giữ được dấu của trang này (cookie), nên điều vừa gửi chưa được nhận. "
            "Bấm nút dưới đây để mở lại trang. Nếu vẫn thấy lời này, nhờ người nhà bật cookie lên giúp.",
        ),
        strange=Problem(
            "Chưa hiểu điều vừa gửi",
            "Trang này không hiểu điều vừa gửi. Chỗ đang học không mất. Bấm nút dưới đây để học tiếp.",
        ),
        too_big=Problem(
            "Tin dài quá",
            "Tin vừa gửi dài quá nên chưa được nhận. Chỉ cần gõ một số hoặc vài chữ. Bấm nút dưới đây để học tiếp.",
        ),
        nowhere=Problem(
            "Không có trang này",
            "Địa chỉ vừa mở không có ở đây. Chỗ đang học không mất. Bấm nút dưới đây để học tiếp.",
        ),
        broken=Problem(
            "Máy chủ trục trặc",
            "Máy chủ gặp trục trặc, nên điều vừa gửi chưa được nhận. Chỗ đang học không mất. "
            "Một lát nữa, bấm nút dưới đây để học tiếp.",
        ),
    ),
    "en": Texts(
        name="Học Số",
        about="Learn e-ID, paying by phone, paperwork online and keeping clear of scams, in small steps.",
        skip="Go straight to the lesson",
        ways="Quick ways",
        menu="Lessons",
        help="Help",
        settings="Settings",
        urgent="Asked for a code?",
        choices="Choices",
        write="Or type a number or words here:",
        send="Send",
        sending="Sending…",
        lost="Weak connection, sending again…",
        trouble="The server is busy, sending again…",
        again="Send again now",
        drop="Never mind, don't send it",
        you="You:",
        hidden="hidden",
        earlier="Look at what was said before",
        picture="In the picture:",
        export="For computers (JSON)",
        link="This link opens the lesson **{title}**.",
        open="Open this lesson",
        invitation="This link opens an invitation of the office of Học Số.",
        open_invitation="See the invitation",
        stay="No, back to where I was",
        reload="Open the page again",
        no_lesson="That link leads to a lesson that is no longer here. Your place is kept.",
        team="This link is of **{team}**. Press the button below, and Học Số will ask whether you want to join it.",
        open_team="Go on with this team",
        no_team="That link leads to a team that is not here, or has ended. You can learn all the same.",
        retype="To keep secrets safe, this page has not kept what you typed. In a moment, type it again below.",
        home="Back to where you were",
        cookies="The browser blocks cookies, so this page can't keep your place. Ask someone to allow cookies.",
        hear_step="Listen to this step",
        hear_this="Listen to this",
        hear_size="{label} (about {size} kB)",
        hear_again="Listen again",
        slower="Slower",
        faster="Faster",
        unplayed="This can't be heard just now. The text is still on the page.",
        speak="Hold to speak",
        speaking="Listening. Lift your finger when you have finished.",
        said="by voice",
        no_microphone="This page may not use the microphone. If you are asked, choose Allow. If you aren't, "
        "ask someone to allow the microphone for this page. You can still type a number or words.",
        now_speak="The microphone is on. Hold the button again, then speak.",
        mute=Problem(
            "This can't be said aloud",
            "The server can't say this aloud just now. The text is still on the page. Press the button below to go on.",
        ),
        stale=Problem(
            "Please open the page again",
            "This page was open for long, so what you sent was not received. Your place is not lost. "
            "Press the button below to open the page again.",
        ),
        no_cookie=Problem(
            "Not received",
            "The browser has not kept this page's cookie, so what you sent was not received. Press the button below "
            "to open the page again. If you see this once more, ask someone to allow cookies.",
        ),
        strange=Problem(
            "That was not understood",
            "This page did not understand what was sent. Your place is not lost. Press the button below to go on.",
        ),
        too_big=Problem(
            "That is too long",
            "What you sent was too long to be received. A number or a few words are enough. "
            "Press the button below to go on.",
        ),
        nowhere=Problem(
            "There is no such page",
            "This address does not exist here. Your place is not lost. Press the button below to go on.",
        ),
        broken=Problem(
            "Something broke on the server",
            "Something broke on the server, so what you sent was not received. Your place is not lost. "
            "In a moment, press the button below to go on.",
        ),
    ),
}


def texts_of(lang: str) -> Texts:
    """Return the words in this language, or in Vietnamese where there are none."""
    return TEXTS.get(lang, TEXTS["vi"])


@dataclass(frozen=True, slots=True)
class PreviewTexts:
    """All words of the preview in one language."""

    all: str
    learner: str
    kinds: dict[str, str]  # by `talk_example.Kind`
    steps: str
    wrong: str  # {number} of problems
    others: str
    reload: str
    left_out: str
    choices: str  # of the list of links, heard only
    problems: str
    elsewhere: str
    broken: str
    untaught: str
    lost: str


PREVIEW: Final[Mapping[str, PreviewTexts]] = {
    "vi": PreviewTexts(
        all="Xem thử các bài",
        learner="Người học",
        kinds={"reading": "Đọc", "listening": "Nghe", "numbers": "Gõ số"},
        steps="Các bước",
        wrong="Cần sửa: {number} điều",
        others="Lối khác",
        reload="Tải lại trang",
        left_out="Chưa dạy được",
        choices="Chọn việc người học làm",
        problems="Cần sửa ở bước này",
        elsewhere="Cần sửa ở chỗ khác",
        broken="Tệp bài đang có lỗi; đây là bản tốt gần nhất.",
        untaught="Bài này chưa dạy được. Nếu dưới đây không ghi lý do thì chạy lệnh hocso check để xem.",
        lost="Bài đã đổi: lối đi này dừng ở đây.",
    ),
    "en": PreviewTexts(
        all="Preview of all lessons",
        learner="Learner",
        kinds={"reading": "Reading", "listening": "Listening", "numbers": "Typing numbers"},
        steps="Steps",
        wrong="To mend: {number}",
        others="Other ways",
        reload="Reload the page",
        left_out="Can't be taught yet",
        choices="Choose what the learner does",
        problems="To mend at this step",
        elsewhere="To mend elsewhere",
        broken="The lesson's files have errors now; this is its last good version.",
        untaught="This lesson can't be taught yet. If no reason stands below, run hocso check.",
        lost="The lesson has changed: this way ends here.",
    ),
}
