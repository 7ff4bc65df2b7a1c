"""The few words that only this channel needs, in each language. They name nobody, so no form of address is wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """What stands below a screen, and what is said where Zalo leaves us nothing to teach with."""

    pick: str  # there are no keys: how one picks, and the words that work anywhere
    hear: str  # the same where a voice is there for who asks
    hear_size: str  # of who saves data; size in kB
    hidden: str  # Zalo did not pass on what was sent
    hidden_again: str  # nor what came before: `way` is another way to learn
    no_way: str  # stands for `way` where no other is known
    way: str  # `address` is where one goes on
    delete_it: str  # a secret was written, which we can't delete here
    in_group: str
    farewell: str  # the plan's messages are nearly used up; `way` as above


TEXTS = {
    "vi": Texts(
        pick="Nhắn số để chọn. Lúc nào cũng nhắn được: mục lục, giúp, dừng.",
        hear="Nhắn số để chọn, nhắn “nghe” để nghe đọc. Lúc nào cũng nhắn được: mục lục, giúp, dừng.",
        hear_size="Nhắn số để chọn, nhắn “nghe” để nghe đọc (khoảng {size} kB). Nhắn được cả: mục lục, giúp, dừng.",
        hidden=(
            "Zalo không chuyển tới đây nội dung tin vừa gửi, nên chưa đọc được ạ. "
            "Xin nhắn lại bằng chữ hoặc bằng số, ví dụ: 1."
        ),
        hidden_again=(
            "Zalo vẫn không chuyển tới đây nội dung các tin vừa gửi. Với một số tài khoản (như tài khoản của trẻ em), "
            "Zalo giữ lại mọi tin, và ở đây không làm gì khác được ạ. {way}"
        ),
        no_way="Xin nhờ người nhà hoặc tổ công nghệ số của thôn chỉ cách học khác.",
        way="Vẫn học được ở đây, không cần Zalo: {address}",
        delete_it=(
            "Ở Zalo, bot không xóa tin của người khác được. Xin tự xóa tin vừa gửi: nhấn giữ tin ấy rồi chọn Thu hồi."
        ),
        in_group="Học riêng từng người thì dễ hơn ạ. Xin nhắn riêng cho Học Số, không nhắn trong nhóm.",
        farewell=(
            "Tháng này Học Số sắp gửi hết số tin mà Zalo cho phép, nên từ giờ sẽ tạm im ở đây, không do lỗi của ai. "
            "Chỗ đang học vẫn được giữ. {way}"
        ),
    ),
    "en": Texts(
        pick="Send a number to choose. These words always work: menu, help, stop.",
        hear="Send a number to choose, or “listen” to have it read. These words always work: menu, help, stop.",
        hear_size="Send a number to choose, or “listen” to have it read (about {size} kB). Also: menu, help, stop.",
        hidden=(
            "Zalo did not pass on what was just sent, so it can't be read here. "
            "Please write again in words or with a number, for example: 1."
        ),
        hidden_again=(
            "Zalo still does not pass on what is sent. For some accounts (children's, for example) Zalo keeps back "
            "every message, and nothing else can be done here. {way}"
        ),
        no_way="Please ask someone at home, or the digital team of the village, for another way to learn.",
        way="Learning goes on here, without Zalo: {address}",
        delete_it=(
            "On Zalo a bot can't delete what others write. Please delete that message: press and hold it, then Recall."
        ),
        in_group="Learning is easier one by one. Please write to Học Số privately, not in a group.",
        farewell=(
            "This month Học Số has sent nearly all the messages that Zalo allows, so it will now be silent here; "
            "nobody did anything wrong. Your place is kept. {way}"
        ),
    ),
}


def texts_of(lang: str) -> Texts:
    """Return the texts of a language; Vietnamese where there are none."""
    return TEXTS.get(lang, TEXTS["vi"])
