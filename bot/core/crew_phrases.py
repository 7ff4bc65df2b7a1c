"""What the bot says to people of the office, and of a team's helpers; a part of `phrases.Says`. And when it does."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from bot.core.wording import Text, with_slots
from bot.core.yaml_file import FileModel


class SaysToCrew(FileModel):
    """The sentences and labels."""

    invitation: Annotated[str, with_slots("name")]
    invited_helper: Text
    invited_other: Annotated[str, with_slots("role")]
    role_helper: Text
    role_editor: Text
    role_official: Text
    role_operator: Text
    accept_label: Text
    refuse_label: Text
    accepted_helper: Text
    accepted_other: Text
    refused: Text
    invitation_waits: Text
    invitation_over: Text
    invitation_later: Text
    office_away: Text
    no_office: Text
    office_link: Annotated[str, with_slots("link")]
    office_nowhere: Text
    office_later: Text
    ask_called: Text
    no_name_label: Text
    called_label: Text
    rename_called_label: Text
    unname_label: Text
    called_now: Annotated[str, with_slots("name")]
    called_so: Annotated[str, with_slots("name")]
    called_no_more: Text
    kept_called: Annotated[str, with_slots("name")]
    kept_office: Annotated[str, with_slots("role")]
    group_label: Text
    group_head: Annotated[str, with_slots("team", "many", "stuck")]
    group_part: Annotated[str, with_slots("first", "last", "many")]
    group_whole: Text
    group_empty: Text
    group_more_label: Text
    group_again_label: Text
    person_line: Annotated[str, with_slots("name", "where", "seen")]
    unnamed_person: Annotated[str, with_slots("number")]
    person_stuck: Text
    person_at: Annotated[str, with_slots("title", "step")]
    person_nowhere: Text
    seen_today: Text
    seen_yesterday: Text
    seen_ago: Annotated[str, with_slots("days")]
    call_label: Text
    call_sent: Annotated[str, with_slots("where")]
    call_unreached: Text
    call_no_helper: Text
    call_no_team: Text
    call_again: Text
    call_told: Annotated[str, with_slots("name", "where")]
    call_told_before: Text
    somebody: Text
    is_beside: Text
    beside_begins: Text
    beside_ends: Text
    beside_nobody: Text
    beside_label: Text
    alone_label: Text


NOTES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "invitation": (
            "Lời mời của văn phòng: mời ai, vào tổ nào.",
            "An invitation: whom, to which group.",
        ),
        "invited_helper": ("Hỏi người được mời làm người hỗ trợ.", "Asks somebody invited to be a helper."),
        "invited_other": ("Hỏi người được mời vào vai trò khác.", "Asks somebody invited to another role."),
        "role_helper": ("Tên vai trò.", "A role's name."),
        "role_editor": ("Tên vai trò.", "A role's name."),
        "role_official": ("Tên vai trò.", "A role's name."),
        "role_operator": ("Tên vai trò.", "A role's name."),
        "accept_label": ("Nút nhận lời mời.", "The button that takes up the invitation."),
        "refuse_label": ("Nút không nhận lời mời.", "The button that refuses it."),
        "accepted_helper": ("Khi người hỗ trợ đã nhận lời.", "When a helper has taken it up."),
        "accepted_other": ("Khi người vai trò khác đã nhận lời.", "When somebody of another role has."),
        "refused": ("Khi không nhận lời.", "When they have refused."),
        "invitation_waits": (
            "Khi người mới gửi mã mời giữa lúc chào hỏi.",
            "A newcomer sends a code in the middle of the welcome.",
        ),
        "invitation_over": ("Khi mã mời hết hạn hoặc sai.", "The code is too old, used up or wrong."),
        "invitation_later": ("Khi thử nhiều mã mời quá.", "Too many codes were tried."),
        "office_away": ("Khi chưa hỏi được cơ sở dữ liệu.", "The database is away."),
        "no_office": ("Khi người ngoài nhắn 'văn phòng'.", "Somebody who isn't of the office asks for it."),
        "office_link": (
            "Liên kết vào văn phòng; không đọc thành tiếng.",
            "A link into the office; no voice says it.",
        ),
        "office_nowhere": ("Khi máy chủ chưa có địa chỉ công khai.", "The server has no public address."),
        "office_later": ("Khi lấy nhiều liên kết quá.", "Too many links were taken."),
        "ask_called": ("Hỏi người trong tổ muốn được gọi là gì.", "Asks a learner of a team what to call them."),
        "no_name_label": ("Nút không đặt tên.", "The button that gives no name."),
        "called_label": ("Nút đặt tên gọi trong tổ.", "The button for giving a name."),
        "rename_called_label": ("Nút đổi tên gọi trong tổ.", "The button for another name."),
        "unname_label": ("Nút bỏ tên gọi.", "The button that removes the name."),
        "called_now": ("Đang được gọi là gì.", "What they are called now."),
        "called_so": ("Khi đã đặt tên gọi.", "When the name is given."),
        "called_no_more": ("Khi đã bỏ tên gọi.", "When the name is removed."),
        "kept_called": ("Một dòng của 'data': tên gọi trong tổ.", "A line of 'data': the name."),
        "kept_office": ("Một dòng của 'data': vai trò ở văn phòng.", "A line of 'data': the role in the office."),
        "group_label": ("Nút người hỗ trợ xem tổ của mình.", "The button for a helper's group."),
        "group_head": ("Đầu danh sách người học của tổ.", "Heads the list of a group's people."),
        "group_part": ("Dưới danh sách: vừa xem từ ai đến ai.", "Below the list: which part of it was said."),
        "group_whole": ("Dưới danh sách: cả tổ đã ở trên.", "Below the list: that it was the whole group."),
        "group_empty": ("Khi tổ chưa có ai.", "When the group has nobody."),
        "group_more_label": ("Nút xem tiếp danh sách.", "The button for the list's next part."),
        "group_again_label": ("Nút xem lại danh sách.", "The button for the list's beginning."),
        "person_line": ("Một dòng của danh sách.", "A line of the list."),
        "unnamed_person": ("Người không đặt tên.", "Somebody who gave no name."),
        "person_stuck": ("Trong dòng ấy: đang cần giúp.", "Within it: needs help."),
        "person_at": ("Trong dòng ấy: bài và bước.", "Within it: lesson and step."),
        "person_nowhere": ("Trong dòng ấy: không học bài nào.", "Within it: in no lesson."),
        "seen_today": ("Trong dòng ấy: học hôm nay.", "Within it: learnt today."),
        "seen_yesterday": ("Trong dòng ấy: học hôm qua.", "Within it: learnt yesterday."),
        "seen_ago": ("Trong dòng ấy: học lần cuối bao lâu rồi.", "Within it: how long ago."),
        "call_label": ("Nút gọi người hỗ trợ của tổ.", "The button that calls for the team's helpers."),
        "call_sent": ("Khi đang nhắn cho người hỗ trợ.", "The helpers are being told."),
        "call_unreached": ("Khi không nhắn được cho người hỗ trợ.", "None of the helpers can be sent anything now."),
        "call_no_helper": ("Khi tổ chưa có người hỗ trợ.", "The team has no helper in the chat."),
        "call_no_team": ("Khi người học chưa ở tổ nào.", "The learner is in no team."),
        "call_again": ("Khi đã gọi trong ngày.", "They have called today already."),
        "call_told": ("Tin cho người hỗ trợ: ai cần giúp, ở đâu.", "Told to a helper: who needs help, and where."),
        "call_told_before": ("Trước tin ấy, nếu có thể đã gửi rồi.", "Before it, where it may have been sent already."),
        "somebody": ("Trong tin ấy: người không đặt tên.", "Within it: somebody who gave no name."),
        "is_beside": ("Nhắc ở mỗi lượt học có người giúp.", "Said with each turn while somebody sits beside."),
        "beside_begins": ("Khi có người ngồi cạnh giúp.", "When somebody begins to sit beside."),
        "beside_ends": ("Khi bắt đầu tự làm.", "When the learner goes on alone."),
        "beside_label": ("Nút báo có người ngồi cạnh giúp.", "The button that says somebody sits beside."),
        "alone_label": ("Nút báo tự làm.", "The button for going on alone."),
        "beside_nobody": ("Khi nhắn 'tự làm' mà không có ai giúp.", "When nobody sat there anyway."),
    }
)
