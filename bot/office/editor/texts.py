"""The words of the lesson editor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.office.texts import Problem


@dataclass(frozen=True, slots=True)
class EditorTexts:
    """All of them in one language."""

    all: str
    all_how: str
    notable: str
    all_caption: str  # {course}
    lesson: str
    published: str
    translations: str
    in_use: str
    broken: str  # {number}
    one_broken: str
    overdue: str  # {day}
    draft_of: str  # {author}, {minute}
    draft_mine: str  # {minute}
    not_there: str
    title: str  # {name}
    how: str
    text: str
    line: str  # {line}, {column}
    error: str
    warning: str
    problems: str
    fine: str
    sum: str  # {errors}, {warnings}
    errors_block: str
    elsewhere: str
    elsewhere_how: str
    save: str
    to_publish: str
    preview: str
    history: str
    to_list: str
    to_text: str
    saved: str
    published_now: str
    restored: str
    merged_now: str
    thrown: str
    signed_out: str
    away: str
    draft_is: str  # {minute}
    file_is: str
    new_file: str
    outdated: str
    merge: str
    several: str  # {minute}
    others: str  # {author}, {minute}
    compare: str
    throw: str
    throw_how: str
    publish: str  # {name}
    publish_how: str
    publish_button: str
    cant_publish: str
    unmerged: str  # {number}
    nothing_new: str
    changes: str
    changes_caption: str
    inside: str
    inside_how: str
    inside_none: str
    inside_line: str  # {step}, {people}, {becomes}
    inside_rest: str  # {people}
    people: str  # {number}
    few: str
    becomes: Mapping[str, str]  # by `standing.Stand.becomes`; {to}
    kinds: Mapping[str, str]  # by `lines.Kind`; {number}
    what: str
    where: str
    words: str
    same_texts: str
    not_written: Problem  # {file}, {why}
    too_late: Problem
    cant_open: Mapping[str, Problem]
    new: str
    new_how: str
    new_id: str
    new_wrong: str
    new_button: str
    begun: str
    not_translated: str
    of_course: str
    previewed_draft: str
    previewed_file: str
    no_preview: Problem
    down: Problem  # who is inside can't be counted


EDITOR_TEXTS: Final[Mapping[str, EditorTexts]] = {
    "vi": EditorTexts(
        all="Soạn bài",
        all_how="Chọn một bài để sửa. Sửa đến đâu cũng mới là bản nháp; người học chỉ thấy sau khi công bố.",
        notable="Có nháp, có lỗi, hoặc quá hạn kiểm tra",
        all_caption="Khóa {course}",
        lesson="Bài",
        published="Tiếng Việt",
        translations="Bản dịch",
        in_use="đang dùng",
        broken="{number} lỗi, đang dùng bản tốt gần nhất",
        one_broken="1 lỗi, đang dùng bản tốt gần nhất",
        overdue="quá hạn kiểm tra lại từ {day}",
        draft_of="nháp của {author}, lưu lúc {minute}",
        draft_mine="nháp của anh/chị, lưu lúc {minute}",
        not_there="chưa công bố lần nào",
        title="Sửa {name}",
        how="Mỗi lần lưu là lưu bản nháp. Nhấn số dòng ở mục Cần sửa để đến đúng dòng.",
        text="Nội dung tệp",
        line="Dòng {line}, cột {column}",
        error="Lỗi",
        warning="Nên sửa",
        problems="Cần sửa",
        fine="Không có gì phải sửa.",
        sum="{errors} lỗi, {warnings} điều nên sửa.",
        errors_block="Còn lỗi thì chưa công bố được; điều nên sửa thì không cản.",
        elsewhere="Tệp khác sẽ bị ảnh hưởng",
        elsewhere_how="Công bố tệp này thì các tệp sau cũng cần sửa theo. Trong lúc đó, nơi nào hỏng thì"
        " dùng bản tốt gần nhất.",
        save="Lưu bản nháp",
        to_publish="Lưu, rồi đến bước công bố",
        preview="Lưu, rồi xem thử như trên điện thoại",
        history="Lịch sử của tệp",
        to_list="Về danh sách bài",
        to_text="Về trang sửa",
        saved="Đã lưu bản nháp.",
        published_now="Đã công bố. Trong vài giây, mọi nơi sẽ dạy theo bản mới.",
        restored="Đã lấy bản cũ làm bản nháp. Xem lại rồi công bố như thường.",
        merged_now="Đã gộp vào bản nháp. Xem lại rồi công bố như thường.",
        thrown="Đã bỏ bản nháp.",
        signed_out="Anh/chị đã bị đăng xuất nên chưa lưu được. Đừng đóng trang này: đăng nhập ở một cửa sổ khác của"
        " cùng trình duyệt, rồi lưu lại.",
        away="Không có kết nối nên chưa lưu được. Đừng đóng trang này: chờ một lát rồi lưu lại.",
        draft_is="Đây là bản nháp của anh/chị, lưu lúc {minute}.",
        file_is="Đây là tệp đang dùng; anh/chị chưa có bản nháp.",
        new_file="Tệp này chưa có; công bố lần đầu thì tệp được tạo.",
        outdated="Tệp đang dùng đã đổi từ khi anh/chị bắt đầu bản nháp này. Cần gộp hai bản thì mới công bố được.",
        merge="Gộp hai bản",
        several="Anh/chị còn một bản nháp khác của tệp này, lưu lúc {minute}.",
        others="{author} cũng có bản nháp của tệp này, lưu lúc {minute}.",
        compare="So sánh",
        throw="Bỏ bản nháp này",
        throw_how="Nội dung bản nháp sẽ mất hẳn; tệp đang dùng vẫn như cũ.",
        publish="Công bố {name}",
        publish_how="Chưa có gì thay đổi cho đến khi anh/chị nhấn Công bố.",
        publish_button="Công bố",
        cant_publish="Chưa công bố được: hãy sửa các lỗi sau.",
        unmerged="Còn {number} chỗ có cả hai bản. Giữ một bản, bỏ bản kia, bỏ cả các dòng <<<<<<<, =======, >>>>>>>.",
        nothing_new="Bản nháp giống hệt tệp đang dùng: không có gì để công bố.",
        changes="Thay đổi so với tệp đang dùng",
        changes_caption="Từng dòng đã bỏ và đã thêm",
        inside="Ai đang học bài này",
        inside_how="Chỉ đếm, không nêu tên. Dưới 5 người thì không ghi con số.",
        inside_none="Không ai đang học dở bài này.",
        inside_line="Bước {step}: {people}; {becomes}.",
        inside_rest="Học tiếp đúng chỗ, không thấy gì khác: {people}.",
        people="{number} người",
        few="dưới 5 người",
        becomes={
            "renamed": "học tiếp đúng chỗ, nay bước ấy tên là {to}",
            "led": "bước không còn, học tiếp ở {to}, có lời báo",
            "moved": "bước không còn, học lại từ đầu bài, có lời báo",
            "altered": "câu hỏi đã đổi, được hỏi lại, có lời báo",
            "gone": "bài không còn, được đưa về menu",
        },
        kinds={"same": "giữ nguyên", "removed": "đã bỏ", "added": "đã thêm", "left out": "… {number} dòng giữ nguyên"},
        what="Thay đổi",
        where="Dòng",
        words="Nội dung dòng",
        same_texts="Hai bản giống hệt nhau.",
        not_written=Problem(
            "Chưa ghi được tệp",
            "Không ghi được {file}: {why}. Tệp vẫn như cũ, bản nháp vẫn còn. Nhờ người vận hành cho chương trình quyền"
            " ghi vào thư mục bài học.",
        ),
        too_late=Problem(
            "Chưa công bố",
            "Tệp hoặc bản nháp vừa đổi trong lúc anh/chị xem. Chưa có gì bị ghi đè: hãy mở lại"
            " trang sửa để xem và gộp.",
        ),
        cant_open={
            "unreadable": Problem(
                "Không đọc được tệp",
                "Máy chủ không đọc được tệp này. Nhờ người vận hành xem quyền đọc của tệp. Bản nháp vẫn được giữ.",
            ),
            "too_big": Problem(
                "Tệp quá lớn",
                "Tệp này lớn hơn 512 kB, không phải một bài học. Hãy xem tệp trên máy chủ. Bản nháp vẫn được giữ.",
            ),
            "not_utf8": Problem(
                "Tệp không phải UTF-8",
                "Hãy mở tệp bằng trình soạn thảo và lưu lại với bảng mã UTF-8. Bản nháp vẫn được giữ.",
            ),
        },
        new="Bài mới",
        new_how="Trả lời mấy câu dưới đây. Bài mới là một bản nháp có sẵn ba bước mẫu, sửa dần thành bài của mình.",
        new_id="Mã của bài, cũng là tên tệp; để trống thì lấy mã tiếp theo của khóa",
        new_wrong="Có câu trả lời cần sửa; xem dưới câu hỏi.",
        new_button="Tạo bản nháp",
        begun="Đã tạo bản nháp. Sửa các bước mẫu rồi công bố.",
        not_translated="chưa có; mở ra để dịch",
        of_course="Tên và lời giới thiệu của khóa",
        previewed_draft="Bản nháp của anh/chị, chưa công bố. Không có gì được ghi lại.",
        previewed_file="Tệp đang dùng; anh/chị chưa có bản nháp. Không có gì được ghi lại.",
        no_preview=Problem(
            "Chưa xem thử được", "Bài còn lỗi nên chưa dạy được. Hãy sửa các lỗi ở trang sửa rồi xem thử."
        ),
        down=Problem(
            "",
            "Lúc này chưa đếm được ai đang học bài. Vẫn công bố được; hoặc chờ ít phút rồi tải lại trang.",
        ),
    ),
    "en": EditorTexts(
        all="Write lessons",
        all_how="Choose a lesson to change. All you save is a draft; learners see it only after it is published.",
        notable="With drafts or errors, or due for checking",
        all_caption="Course {course}",
        lesson="Lesson",
        published="Vietnamese",
        translations="Translations",
        in_use="in use",
        broken="{number} errors, its last good version is in use",
        one_broken="1 error, its last good version is in use",
        overdue="due for checking since {day}",
        draft_of="draft of {author}, saved {minute}",
        draft_mine="draft of yours, saved {minute}",
        not_there="never published yet",
        title="Change {name}",
        how="What you save is a draft. Press a line's number under To mend to get to that line.",
        text="The file's text",
        line="Line {line}, column {column}",
        error="Error",
        warning="Better changed",
        problems="To mend",
        fine="Nothing to mend.",
        sum="Errors: {errors}. Better changed: {warnings}.",
        errors_block="Errors keep it from being published; what had better be changed doesn't.",
        elsewhere="Other files would be touched",
        elsewhere_how="With this text published, these files need changes too. Meanwhile the last good"
        " version of what breaks is used.",
        save="Save the draft",
        to_publish="Save, then go on to publishing",
        preview="Save, then preview as on a phone",
        history="The file's history",
        to_list="To all lessons",
        to_text="Back to the text",
        saved="The draft is saved.",
        published_now="Published. Within seconds the new version is taught everywhere.",
        restored="The old text is your draft now. Look at it, then publish as usual.",
        merged_now="Merged into the draft. Look at it, then publish as usual.",
        thrown="The draft was thrown away.",
        signed_out="You have been signed out, so nothing was saved. Keep this page open, sign in in another window of"
        " the same browser, then save again.",
        away="There is no connection, so nothing was saved. Keep this page open, wait a little, then save again.",
        draft_is="This is your draft, saved {minute}.",
        file_is="This is the file in use; you have no draft.",
        new_file="There is no such file yet; publishing makes it.",
        outdated="The file in use has changed since you began this draft. Merge the two before you publish.",
        merge="Merge the two",
        several="You have another draft of this file, saved {minute}.",
        others="{author} has a draft of this file too, saved {minute}.",
        compare="Compare",
        throw="Throw this draft away",
        throw_how="The draft's text will be gone for good; the file in use stays as it is.",
        publish="Publish {name}",
        publish_how="Nothing changes until you press Publish.",
        publish_button="Publish",
        cant_publish="It can't be published yet: mend these errors first.",
        unmerged="{number} places still have both versions. Keep one, and take out the lines <<<<<<<,"
        " =======, >>>>>>> too.",
        nothing_new="The draft is the same as the file in use: there is nothing to publish.",
        changes="What changes in the file in use",
        changes_caption="Lines removed and added",
        inside="Who is inside this lesson",
        inside_how="Counted, without names. Fewer than 5 people are not told by number.",
        inside_none="Nobody is inside this lesson.",
        inside_line="Step {step}: {people}; {becomes}.",
        inside_rest="Go on at the same place and notice nothing: {people}.",
        people="people: {number}",
        few="fewer than 5 people",
        becomes={
            "renamed": "go on there, the step is called {to} now",
            "led": "the step is gone, go on at {to}, told so",
            "moved": "the step is gone, begin the lesson anew, told so",
            "altered": "the question is another, are asked again, told so",
            "gone": "the lesson is gone, are led to the menu",
        },
        kinds={"same": "as before", "removed": "removed", "added": "added", "left out": "… {number} lines as before"},
        what="Change",
        where="Line",
        words="The line",
        same_texts="The two texts are the same.",
        not_written=Problem(
            "The file wasn't written",
            "{file} can't be written: {why}. The file is as it was, and the draft is kept. Ask the operator to let the"
            " program write into the lesson folder.",
        ),
        too_late=Problem(
            "Not published",
            "The file or the draft has just changed while you looked. Nothing was overwritten: open the text again to"
            " look and merge.",
        ),
        cant_open={
            "unreadable": Problem(
                "The file can't be read",
                "The server can't read this file. Ask the operator who may read it. Drafts are kept.",
            ),
            "too_big": Problem(
                "The file is too big",
                "It has over 512 kB, so it is no lesson. Look at it on the server. Drafts are kept.",
            ),
            "not_utf8": Problem(
                "The file isn't UTF-8",
                "Open it in a text editor and save it with the encoding UTF-8. Drafts are kept.",
            ),
        },
        new="New lesson",
        new_how="Answer these questions. The new lesson is a draft with three sample steps, to be changed bit by bit.",
        new_id="Its id, which names the file; left empty, it is the next one of the course",
        new_wrong="Some answers need a change; it is said below the question.",
        new_button="Make the draft",
        begun="The draft is made. Change the sample steps, then publish.",
        not_translated="none yet; open it to translate",
        of_course="The course's name and summary",
        previewed_draft="Your draft, not published yet. Nothing is kept of it.",
        previewed_file="The file in use; you have no draft. Nothing is kept of it.",
        no_preview=Problem("No preview yet", "The lesson has errors, so it can't be taught. Mend them first."),
        down=Problem(
            "",
            "Who is inside can't be counted now. You may publish all the same, or load this"
            " page again in a few minutes.",
        ),
    ),
}


def editor_texts_of(lang: str) -> EditorTexts:
    """Return the words in this language, or in Vietnamese where there are none."""
    return EDITOR_TEXTS.get(lang, EDITOR_TEXTS["vi"])
