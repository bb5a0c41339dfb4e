//! What residents say and units answer in the demo: `demo/matters.txt`, with places and times filled in.

use super::chance::Chance;

/// How exactly a matter's place is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Building,
    Unit,
    Compound,
    Community,
}

/// One kind of matter with its words.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pub category: &'static str,
    pub level: Level,
    pub scene: &'static str,
    pub title: &'static str,
    pub body: &'static str,
    pub answer: &'static str,
}

/// Where a matter is, in words.
#[derive(Clone, Debug, Default)]
pub(super) struct Where {
    pub community: String,
    pub compound: String,
    pub building: String,
    pub unit: String,
}

/// Every kind of matter.
pub(super) fn templates() -> Vec<Template> {
    include_str!("../../demo/matters.txt").lines().filter(|l| !l.starts_with('#')).filter_map(read).collect()
}

fn read(line: &'static str) -> Option<Template> {
    let mut parts = line.split('|');
    let category = parts.next()?;
    let level = match parts.next()? {
        "B" => Level::Building,
        "U" => Level::Unit,
        "C" => Level::Compound,
        "S" => Level::Community,
        _ => return None,
    };
    Some(Template {
        category,
        level,
        scene: parts.next()?,
        title: parts.next()?,
        body: parts.next()?,
        answer: parts.next()?,
    })
}

/// Fills place and time into a text.
pub(super) fn fill(text: &str, at: &Where, floor: i64, when: &str) -> String {
    text.replace("{楼}", &at.building)
        .replace("{单元}", &at.unit)
        .replace("{层}", &floor.to_string())
        .replace("{小区}", &at.compound)
        .replace("{社区}", &at.community)
        .replace("{时}", when)
}

/// A word for "since when".
pub(super) fn when(chance: &mut Chance) -> String {
    chance.text(&["这两天", "最近", "前两天", "这几天", "上周", "这周"])
}

/// What residents add when they join: their own words.
pub(super) const ME_TOO: &[&str] = &[
    "我家也是一样，希望一起解决。",
    "同样的问题，已经好几天了。",
    "我也遇到了，支持尽快处理。",
    "住同一个单元，情况属实。",
    "",
];
/// Words of progress.
pub(super) const PROGRESS: &[&str] = &[
    "师傅已上门查看，正在备料，预计三天内完成。",
    "已联系厂家发货，配件到了马上安装。",
    "已与相关住户沟通一轮，明天再约一次。",
    "现场已做临时防护，正在办理施工手续。",
    "已完成一半，天气好转后继续施工。",
];
/// What the checker says.
pub(super) const CHECKED: &[&str] =
    &["现场看过，确已解决，附照片。", "与居民一起看过，属实。", "已到场核查，效果良好。", "复查合格。"];
/// Why the checker is not content.
pub(super) const FAILED: &[&str] =
    &["只处理了一半，角落还有遗留，请继续。", "照片与现场不符，问题仍在。", "处理后又复发，需返工。"];
/// Why residents are content.
pub(super) const CONTENT: &[&str] = &[
    "处理很快，谢谢！",
    "师傅态度好，修得也好。",
    "没想到这么快就解决了。",
    "满意，希望保持。",
    "辛苦了。",
    "",
];
/// Why residents are partly content.
pub(super) const PARTLY: &[&str] =
    &["解决了，就是等得有点久。", "基本解决，希望以后多检查。", "可以，还有点小尾巴。"];
/// Why residents are not content.
pub(super) const UNHAPPY: &[&str] = &[
    "修了两天又坏了，没有真正解决。",
    "只是来看了看，问题还在。",
    "答复说修好了，其实没有。",
    "处理得太敷衍。",
];
/// Why matters are opened again.
pub(super) const AGAIN: &[&str] =
    &["过了一周又出现同样的问题。", "下了一场雨又漏了。", "刚好几天，又乱停了。"];
/// Why a later deadline is asked for.
pub(super) const LATER: &[&str] = &[
    "需要定制配件，厂家排期较长。",
    "连续下雨无法施工。",
    "涉及多户意见，需要再协商一次。",
    "施工手续正在审批。",
];
/// Notes that only staff see.
pub(super) const NOTES: &[&str] = &[
    "这位居民白天上班，联系请在晚上七点以后。",
    "同一栋楼上月也有类似反映，建议一并检查。",
    "涉及两家长期矛盾，上门注意方式。",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_are_many_kinds_and_all_are_whole() {
        let all = templates();
        assert!(all.len() >= 60, "{}", all.len());
        let lines = include_str!("../../demo/matters.txt").lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!(all.len(), lines, "every line was read");
        let categories: BTreeSet<_> = all.iter().map(|t| t.category).collect();
        assert!(categories.len() >= 55, "{}", categories.len());
        let at =
            Where {
                community: "社".into(), compound: "小".into(), building: "楼".into(), unit: "元".into()
            };
        for t in &all {
            assert!(methods::Catalogue::shipped().get(t.category).is_some(), "{}", t.category);
            for text in [t.title, t.body, t.answer] {
                let filled = fill(text, &at, 3, "最近");
                assert!(!filled.contains(['{', '}']) && !filled.is_empty(), "{filled}");
            }
            assert!(
                t.level == Level::Unit || !format!("{}{}", t.title, t.body).contains("{单元}"),
                "{}",
                t.title
            );
        }
    }
}
