"""What the bot says to volunteers who read for the lessons, and the words it knows from them; when it says it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.core.fold import fold
from bot.core.lesson import Items
from bot.core.wording import Text, with_slots
from bot.core.yaml_file import FileModel, fault


def check_wording(text: str) -> str:
    """Return what somebody may type; raise what tells the editor that nobody can."""
    if not fold(text).letters:
        raise fault("nothing-to-type", text=text)
    return text


Wordings = Annotated[Items[Annotated[str, AfterValidator(check_wording)]], Field(min_length=1)]


class ForVolunteers(FileModel):
    """The words, sentences and labels. Nobody else ever meets them."""

    start: Wordings
    skip: Wordings
    end: Wordings
    withdraw: Wordings
    role: Text
    accepted: Text
    consent: Text
    consent_label: Text
    decline_label: Text
    declined: Text
    text: Annotated[str, with_slots("text")]
    spoken: Annotated[str, with_slots("text")]
    reason: Annotated[str, with_slots("reason")]
    record: Text
    skip_label: Text
    end_label: Text
    kept: Annotated[str, with_slots("waiting", "approved")]
    nothing: Annotated[str, with_slots("waiting", "approved")]
    ended: Text
    moved_on: Text
    erase: Text
    erase_label: Text
    keep_label: Text
    erased: Annotated[str, with_slots("number")]
    not_erased: Text
    kept_voice: Text
    delete_first: Text
    away: Text
    silent: Text
    quiet: Text
    clipped: Text
    noisy: Text
    gap: Text
    short: Text
    long: Text
    endless: Text
    no_sound: Text
    busy: Text
    full: Text


NOTES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "start": ("Người tình nguyện muốn đọc.", "A volunteer wants to read."),
        "skip": ("Bỏ qua câu đang đưa.", "Pass over the text."),
        "end": ("Thôi không đọc nữa.", "Enough for now."),
        "withdraw": ("Xóa hết giọng đã đọc.", "Delete all that they have read."),
        "role": ("Tên vai trò trong lời mời.", "The role's name in an invitation."),
        "accepted": ("Khi đã nhận lời đọc giúp.", "When they have taken up the invitation."),
        "consent": ("Hỏi có đồng ý cho dùng giọng không.", "Asks whether their voice may be used."),
        "consent_label": ("Nút đồng ý.", "The button that agrees."),
        "decline_label": ("Nút không đồng ý.", "The button that doesn't."),
        "declined": ("Khi không đồng ý.", "When they don't."),
        "text": ("Đưa câu cần đọc.", "Gives the text."),
        "spoken": ("Câu ấy đọc thành tiếng thế nào, nếu khác chữ viết.", "How it is said where that differs."),
        "reason": ("Vì sao biên tập viên nhờ đọc lại.", "Why an editor wants it read again."),
        "record": ("Trên trang web: cách thu.", "On the web page: how to record."),
        "skip_label": ("Nút bỏ qua.", "The button that passes over."),
        "end_label": ("Nút thôi.", "The button that ends."),
        "kept": ("Khi nhận được một bản thu tốt.", "A good recording came."),
        "nothing": ("Khi không còn câu nào cần đọc.", "Nothing is left to read."),
        "ended": ("Khi thôi đọc.", "When they have ended."),
        "moved_on": ("Khi bản thu là của câu đã qua.", "The recording is of an earlier text."),
        "erase": ("Hỏi lại trước khi xóa giọng.", "Asks before deleting their voice."),
        "erase_label": ("Nút xóa giọng.", "The button that deletes it."),
        "keep_label": ("Nút giữ giọng.", "The button that keeps it."),
        "erased": ("Khi đã xóa xong.", "When it is deleted."),
        "not_erased": (
            "Khi muốn xóa giọng mà ở đây không còn là người đọc.",
            "They want it deleted, and are no volunteer here any more.",
        ),
        "kept_voice": ("Trong 'dữ liệu': lời nói nào được giữ.", "Among what is kept: which of their voice is."),
        "delete_first": ("Trước khi xóa hết dữ liệu.", "Before all their data is deleted."),
        "away": ("Khi chưa hỏi được cơ sở dữ liệu.", "The database is away."),
        "silent": ("Bản thu không có tiếng.", "There is no sound in it."),
        "quiet": ("Bản thu quá nhỏ.", "It is too quiet."),
        "clipped": ("Bản thu quá to, bị vỡ tiếng.", "It is too loud and breaks up."),
        "noisy": ("Bản thu lẫn tiếng ồn.", "There is noise in it."),
        "gap": ("Giữa bản thu có quãng lặng dài.", "There is a long silence inside."),
        "short": ("Bản thu ngắn hơn câu chữ.", "It is shorter than the text."),
        "long": ("Bản thu dài hơn câu chữ nhiều.", "It is much longer than the text."),
        "endless": ("Bản thu dài hơn một phút.", "It is longer than a minute."),
        "no_sound": ("Tệp không phải tiếng nói, hoặc bị hỏng.", "It is no sound, or broken."),
        "busy": ("Khi chưa kiểm tra được bản thu.", "It can't be checked now."),
        "full": ("Khi đang có quá nhiều bản chờ nghe.", "Too many wait already."),
    }
)
