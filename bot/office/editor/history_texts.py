"""The words of the pages on which texts are compared, merged and brought back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class HistoryTexts:
    """All of them in one language."""

    title: str  # {name}
    how: str
    caption: str
    when: str
    who: str
    outside: str
    do: str
    change: str  # {minute}
    first: str
    restore: str  # {minute}
    none: str
    older: str
    newest: str
    pick: str
    pick_from: str
    pick_to: str
    pick_go: str
    file: str
    revision: str  # {minute}, {author}
    draft: str  # {author}, {minute}
    compared: str  # {name}
    from_to: str  # {one}, {other}
    whole: str  # {one}
    take: str
    merge: str  # {name}
    merge_file: str
    merge_draft: str  # {minute}
    merge_clean: str
    merge_clashes: str  # {number}
    merge_save: str
    merge_mine: str
    merge_theirs: str
    mine_name: str
    file_name: str
    other_name: str
    merge_late: str


HISTORY_TEXTS: Final[Mapping[str, HistoryTexts]] = {
    "vi": HistoryTexts(
        title="Lịch sử của {name}",
        how="Mỗi lần công bố là một bản. Tệp được sửa thẳng trên máy chủ thì ghi ở đây lúc văn phòng thấy lần đầu.",
        caption="Các bản, mới nhất ở trên",
        when="Lúc",
        who="Ai công bố",
        outside="Sửa ngoài văn phòng",
        do="Xem và lấy lại",
        change="Bản {minute} khác bản trước những gì",
        first="Bản đầu tiên được ghi",
        restore="Lấy bản {minute} làm bản nháp",
        none="Tệp này chưa có bản nào.",
        older="Các bản cũ hơn",
        newest="Các bản mới nhất",
        pick="So sánh hai bản bất kỳ",
        pick_from="Từ bản",
        pick_to="Đến bản",
        pick_go="So sánh",
        file="Tệp đang dùng",
        revision="Bản {minute}, {author}",
        draft="Bản nháp của {author}, {minute}",
        compared="So sánh hai bản của {name}",
        from_to="Từ “{one}” đến “{other}”.",
        whole="Toàn văn: {one}",
        take="Lấy bản này làm bản nháp của tôi",
        merge="Gộp hai bản của {name}",
        merge_file="Tệp đang dùng đã đổi từ khi anh/chị bắt đầu bản nháp. Bảng dưới đây cho biết tệp"
        " khác bản nháp thế nào.",
        merge_draft="Anh/chị có hai bản nháp, vì đã lưu ở hai nơi. Bảng dưới đây cho biết bản lưu lúc"
        " {minute} khác thế nào.",
        merge_clean="Hai bản sửa ở những chỗ khác nhau nên đã gộp được. Xem lại rồi lưu.",
        merge_clashes="Có {number} chỗ cả hai bản cùng sửa. Ở mỗi chỗ, giữ một bản, bỏ bản kia, bỏ cả các dòng"
        " <<<<<<<, =======, >>>>>>>.",
        merge_save="Lưu bản đã gộp",
        merge_mine="Giữ nguyên bản nháp của tôi",
        merge_theirs="Lấy bản kia, bỏ bản nháp của tôi",
        mine_name="bản nháp của tôi",
        file_name="tệp đang dùng",
        other_name="bản nháp kia",
        merge_late="Một trong hai bản lại vừa đổi. Điều anh/chị vừa gộp được giữ thành một bản nháp"
        " riêng; hãy gộp lần nữa.",
    ),
    "en": HistoryTexts(
        title="History of {name}",
        how="Each time it is published makes a version. A file changed on the server stands here"
        " from when it was first seen.",
        caption="The versions, the newest first",
        when="When",
        who="Published by",
        outside="Changed outside the office",
        do="Look and bring back",
        change="What version {minute} changed",
        first="The first version that was kept",
        restore="Make version {minute} my draft",
        none="There is no version of this file yet.",
        older="Older versions",
        newest="Newest versions",
        pick="Compare any two",
        pick_from="From",
        pick_to="To",
        pick_go="Compare",
        file="The file in use",
        revision="Version {minute}, {author}",
        draft="Draft of {author}, {minute}",
        compared="Two versions of {name}",
        from_to="From “{one}” to “{other}”.",
        whole="The whole text: {one}",
        take="Make this my draft",
        merge="Merge two versions of {name}",
        merge_file="The file in use has changed since you began your draft. The table tells how it"
        " differs from the draft.",
        merge_draft="You have two drafts, because you saved in two places. The table tells how the one of"
        " {minute} differs.",
        merge_clean="The two changed different places, so they could be merged. Look at it, then save.",
        merge_clashes="In {number} places both changed the same lines. Keep one version of each, and take out the lines"
        " <<<<<<<, =======, >>>>>>> too.",
        merge_save="Save the merged text",
        merge_mine="Keep my draft as it is",
        merge_theirs="Take the other, throw my draft away",
        mine_name="my draft",
        file_name="the file in use",
        other_name="the other draft",
        merge_late="One of the two has just changed again. What you merged is kept as a draft of its"
        " own; merge once more.",
    ),
}


def history_texts_of(lang: str) -> HistoryTexts:
    """Return the words in this language, or in Vietnamese where there are none."""
    return HISTORY_TEXTS.get(lang, HISTORY_TEXTS["vi"])
