//! Simplified to traditional Chinese (Taiwan's words) inside a Fluent file. Only the text that people read is
//! turned; ids, variables, selectors, comments and layout stay as they are.

use std::ops::Range;

use anyhow::{Context, Result, bail};
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

/// Words of the field whose traditional form is ours to say: the general table takes them for words of computing (a
/// motion that 通过 would be 透過, a procedure 程式, a check 稽核, to publish 釋出, a power of office 許可權). A longer word
/// stands before the shorter one in it.
const FIELD_WORDS: &[(&str, &str)] = &[
    ("文件夹", "資料夾"),
    ("议事", "議事"),
    ("社区", "社區"),
    ("通过", "通過"),
    ("程序", "程序"),
    ("项目", "項目"),
    ("审核", "審核"),
    ("文件", "文件"),
    ("对象", "對象"),
    ("地址", "地址"),
    ("声明", "聲明"),
    ("调度", "調度"),
    ("权限", "權限"),
    ("局部", "局部"),
    ("全局", "全局"),
    ("循环", "循環"),
    ("支持", "支持"),
    ("优化", "優化"),
    ("类型", "類型"),
    ("高级", "高級"),
    ("低级", "低級"),
    ("运行", "運行"),
    ("连接", "連接"),
    ("分区", "分區"),
    ("发布", "發布"),
    ("数字", "數字"),
    ("代码", "代碼"),
    ("进程", "進程"),
    ("设备", "設備"),
    ("扩展", "擴展"),
    ("实例", "實例"),
    ("绑定", "綁定"),
    ("注销", "註銷"),
    ("万象", "萬象"),
    ("抛出", "拋出"),
    ("相册", "相簿"),
];

/// Private-use characters stand for the field's words while the general table works on the rest.
const FIRST_STAND_IN: u32 = 0xE000;

/// Turns text by OpenCC's table `s2twp`, with the field's own words kept.
pub(crate) struct Converter {
    opencc: OpenCC,
}

impl Converter {
    /// Loads the tables.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) fn new() -> Result<Self> {
        let opencc = OpenCC::from_config(BuiltinConfig::S2twp).context("loading the conversion tables")?;
        Ok(Self { opencc })
    }

    /// Turns plain text.
    pub(crate) fn convert_text(&self, text: &str) -> String {
        let stand_in = |n: usize| u32::try_from(n).ok().and_then(|n| char::from_u32(FIRST_STAND_IN + n));
        let mut kept = text.to_owned();
        for (n, (simplified, _)) in FIELD_WORDS.iter().enumerate() {
            if let Some(c) = stand_in(n) {
                kept = kept.replace(simplified, c.encode_utf8(&mut [0; 4]));
            }
        }
        let mut turned = self.opencc.convert(&kept);
        for (n, (_, traditional)) in FIELD_WORDS.iter().enumerate() {
            if let Some(c) = stand_in(n) {
                turned = turned.replace(c, traditional);
            }
        }
        turned
    }

    /// Turns a whole Fluent file.
    ///
    /// # Errors
    /// When the file has a line that Fluent does not understand.
    pub(crate) fn convert_file(&self, source: &str) -> Result<String> {
        let resource = match parser::parse(source) {
            Ok(resource) => resource,
            Err((_, errors)) => {
                let error = errors.first().context("not a Fluent file")?;
                let line = source[..error.pos.start.min(source.len())].lines().count().max(1);
                bail!("line {line}: {}", error.kind);
            }
        };
        let mut texts = Texts { source, found: Vec::new() };
        for entry in &resource.body {
            match entry {
                Entry::Message(message) => {
                    message.value.iter().for_each(|value| texts.pattern(value));
                    message.attributes.iter().for_each(|attribute| texts.pattern(&attribute.value));
                }
                Entry::Term(term) => {
                    texts.pattern(&term.value);
                    term.attributes.iter().for_each(|attribute| texts.pattern(&attribute.value));
                }
                Entry::Comment(_)
                | Entry::GroupComment(_)
                | Entry::ResourceComment(_)
                | Entry::Junk { .. } => {}
            }
        }
        texts.found.sort_by_key(|range| range.start);
        let mut made = String::with_capacity(source.len());
        let mut done = 0;
        for range in texts.found {
            made.push_str(&source[done..range.start]);
            made.push_str(&self.convert_text(&source[range.clone()]));
            done = range.end;
        }
        made.push_str(&source[done..]);
        Ok(made)
    }
}

/// Gathers where in the source the readable text stands. The parser's texts are slices of the source, so their
/// addresses tell.
struct Texts<'s> {
    source: &'s str,
    found: Vec<Range<usize>>,
}

impl Texts<'_> {
    fn text(&mut self, slice: &str) {
        let start = (slice.as_ptr() as usize).wrapping_sub(self.source.as_ptr() as usize);
        let range = start..start.saturating_add(slice.len());
        if self.source.get(range.clone()) == Some(slice) {
            self.found.push(range);
        }
    }

    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.text(value),
                PatternElement::Placeable { expression } => self.expression(expression),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            // The selector and the keys are for the program.
            Expression::Select { variants, .. } => {
                variants.iter().for_each(|variant| self.pattern(&variant.value))
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::StringLiteral { value } => self.text(value),
            InlineExpression::Placeable { expression } => self.expression(expression),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
### 资源说明

# 事项的状态
matter-state = { $state ->
    [open] 还剩 { $days } 天，{ \"处理\" }中
   *[closed] 已办结
}
    .title = 状态：
        两行说明
-name = 议事亭
";

    #[test]
    fn only_what_people_read_is_turned() {
        let made = Converter::new().unwrap().convert_file(SOURCE).unwrap();
        let expected = "\
### 资源说明

# 事项的状态
matter-state = { $state ->
    [open] 還剩 { $days } 天，{ \"處理\" }中
   *[closed] 已辦結
}
    .title = 狀態：
        兩行說明
-name = 議事亭
";
        assert_eq!(made, expected);
    }

    #[test]
    fn words_of_the_field_keep_their_meaning() {
        let converter = Converter::new().unwrap();
        for (simplified, traditional) in [
            ("社区议事会表决通过", "社區議事會表決通過"),
            ("网格员", "網格員"),
            ("业主大会", "業主大會"),
            ("督办、核查、返工", "督辦、核查、返工"),
            ("里程碑", "里程碑"),
            ("发布公示，审核通过", "發布公示，審核通過"),
            ("交通过道堵塞", "交通過道堵塞"),
            ("打印文件，保存到文件夹", "列印文件，儲存到資料夾"),
        ] {
            assert_eq!(converter.convert_text(simplified), traditional);
        }
    }

    #[test]
    fn a_file_with_a_broken_line_is_refused() {
        let refused = Converter::new().unwrap().convert_file("a = 一\nb = { $n\n").unwrap_err();
        assert!(refused.to_string().starts_with("line "), "{refused}");
    }
}
