"""The lesson folder as a whole: names of files, and what lessons have to do with one another."""

from bot.core.rules.rule import Rule, error, warning

RULES: tuple[Rule, ...] = (
    error(
        "other-course-id",
        en=("the id is {name!r}", "it should be the folder's name, {folder!r}"),
        vi=("tên gọi (id) đang là {name!r}", "phải đúng tên thư mục, {folder!r}"),
    ),
    error(
        "same-number",
        en=("progress can't tell {name!r} from {other!r} of course {course!r}", "give it another number"),
        vi=("không phân biệt được {name!r} với {other!r} của khóa {course!r}", "hãy đặt cho nó số khác"),
    ),
    error(
        "no-phrases",
        en=("the bot's Vietnamese phrases are missing", "restore the file"),
        vi=("thiếu tệp câu nói tiếng Việt của chương trình", "hãy khôi phục tệp này"),
    ),
    error(
        "nothing-to-teach",
        en=("{folder} has no lesson that can be taught", "name the lessons' folder in config.yaml"),
        vi=("{folder} không có bài nào dạy được", "hãy ghi đúng thư mục bài học trong config.yaml"),
    ),
    error(
        "unknown-need",
        en=("it needs {name!r}, which is no lesson", "{near}"),
        vi=("bài này cần học trước {name!r}, mà không có bài đó", "{near}"),
    ),
    error(
        "needs-itself",
        en=("by way of its needs, the lesson needs itself", "take one need out"),
        vi=("lần theo mục 'needs' thì bài này cần học trước chính nó", "hãy bỏ bớt một bài trong 'needs'"),
    ),
    error(
        "yml-ending",
        en=("the name ends in .yml", "end it in .yaml"),
        vi=("tên tệp kết thúc bằng .yml", "hãy đổi thành .yaml"),
    ),
    error(
        "bad-file-name",
        en=(
            "a lesson's file can't be called {name!r}",
            "small letters a to z, digits and single hyphens, then .yaml or .en.yaml",
        ),
        vi=(
            "tệp bài học không thể tên là {name!r}",
            "hãy dùng chữ thường a đến z không dấu, chữ số và dấu gạch nối đơn, rồi .yaml hoặc .en.yaml",
        ),
    ),
    error(
        "no-course-file",
        en=("folder {folder!r} has no course.yaml", "add one; docs/lessons.md shows it"),
        vi=("thư mục {folder!r} chưa có course.yaml", "hãy thêm tệp đó; docs/bai-hoc.md có mẫu"),
    ),
    error(
        "translates-nothing",
        en=("it translates {name}, which isn't there", "name it after a lesson of this folder"),
        vi=("tệp này dịch {name}, mà không có tệp đó", "hãy đặt tên theo một bài trong thư mục này"),
    ),
    error(
        "vietnamese-twice",
        en=("Vietnamese stands in {name} itself", "delete this file"),
        vi=("tiếng Việt đã ở ngay trong {name}", "hãy xóa tệp này"),
    ),
    error(
        "unknown-language",
        en=("there are no phrases for language {lang!r}", "{near}"),
        vi=("chương trình chưa có câu nói cho ngôn ngữ {lang!r}", "{near}"),
    ),
    warning(
        "no-picture-file",
        en=("there is no picture {name!r} beside the lesson", "put it there, or take 'picture' out"),
        vi=("không có ảnh {name!r} ở cạnh bài", "hãy đặt ảnh vào cùng thư mục với bài, hoặc bỏ mục 'picture'"),
    ),
)
