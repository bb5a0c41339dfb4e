//! Two languages of one file: the same messages, attributes and variables, neither more nor fewer.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

/// What a message or one of its attributes needs from the program: the names of its variables.
type Needs = BTreeSet<String>;

/// The messages, terms (`-term`) and attributes (`message.attribute`) of a file, each with its variables; besides
/// them what is wrong with the file itself.
fn contents(text: &str) -> (BTreeMap<String, Needs>, Vec<String>) {
    let mut found = BTreeMap::new();
    let mut wrong = Vec::new();
    let resource = match parser::parse(text) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            for error in errors {
                let line = text[..error.pos.start.min(text.len())].lines().count().max(1);
                wrong.push(format!("line {line}: {}", error.kind));
            }
            resource
        }
    };
    let mut note = |name: String, needs: Needs| {
        if found.insert(name.clone(), needs).is_some() {
            wrong.push(format!("`{name}` stands there twice"));
        }
    };
    for entry in &resource.body {
        let (id, value, attributes) = match entry {
            Entry::Message(message) => {
                (message.id.name.to_owned(), message.value.as_ref(), &message.attributes)
            }
            Entry::Term(term) => (format!("-{}", term.id.name), Some(&term.value), &term.attributes),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) | Entry::Junk { .. } => {
                continue;
            }
        };
        for attribute in attributes {
            note(format!("{id}.{}", attribute.id.name), needs_of(&attribute.value));
        }
        note(id, value.map(needs_of).unwrap_or_default());
    }
    (found, wrong)
}

fn needs_of(pattern: &Pattern<&str>) -> Needs {
    let mut needs = Needs::new();
    collect(pattern, &mut needs);
    needs
}

fn collect(pattern: &Pattern<&str>, needs: &mut Needs) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            collect_expression(expression, needs);
        }
    }
}

fn collect_expression(expression: &Expression<&str>, needs: &mut Needs) {
    match expression {
        Expression::Inline(inline) => collect_inline(inline, needs),
        Expression::Select { selector, variants } => {
            collect_inline(selector, needs);
            for variant in variants {
                collect(&variant.value, needs);
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, needs: &mut Needs) {
    let arguments = match inline {
        InlineExpression::VariableReference { id } => {
            needs.insert(id.name.to_owned());
            return;
        }
        InlineExpression::Placeable { expression } => return collect_expression(expression, needs),
        InlineExpression::FunctionReference { arguments, .. } => Some(arguments),
        InlineExpression::TermReference { arguments, .. } => arguments.as_ref(),
        _ => None,
    };
    if let Some(arguments) = arguments {
        for argument in &arguments.positional {
            collect_inline(argument, needs);
        }
        for argument in &arguments.named {
            collect_inline(&argument.value, needs);
        }
    }
}

/// What keeps `other` (called `shown` in the messages) from saying the same things as `first`.
pub(crate) fn compare(first: &str, other: &str, shown: &str) -> Vec<String> {
    let (wanted, wrong_first) = contents(first);
    let (there, wrong_other) = contents(other);
    let mut found: Vec<String> =
        wrong_first.iter().map(|w| format!("the zh-Hans file beside {shown}: {w}")).collect();
    found.extend(wrong_other.iter().map(|w| format!("{shown}: {w}")));
    for (name, needs) in &wanted {
        match there.get(name) {
            None => found.push(format!("{shown}: `{name}` is missing")),
            Some(others) if others != needs => {
                let list = |set: &Needs| set.iter().map(|n| format!("${n}")).collect::<Vec<_>>().join(" ");
                found.push(format!(
                    "{shown}: `{name}` uses [{}], zh-Hans uses [{}]",
                    list(others),
                    list(needs)
                ));
            }
            Some(_) => {}
        }
    }
    for name in there.keys().filter(|name| !wanted.contains_key(*name)) {
        found.push(format!("{shown}: `{name}` is not in zh-Hans"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_messages_in_other_words_agree() {
        let first = "# 注\nleft = 还剩 { $days } 天\n    .label = 剩余\n-name = 议事亭\n";
        let other = "left = { $days ->\n    [one] one day left\n   *[other] { $days } days left\n}\n    .label = Left\n-name = Pavilion\n";
        assert_eq!(compare(first, other, "en.ftl"), Vec::<String>::new());
    }

    #[test]
    fn every_kind_of_difference_is_told() {
        let first = "a = 一\nb = { $n } 件\n    .title = 件数\nc = 三\n";
        let other = "a = One\nb = { $count } matters\nd = Four\nd = Five\n";
        assert_eq!(
            compare(first, other, "en.ftl"),
            [
                "en.ftl: `d` stands there twice",
                "en.ftl: `b` uses [$count], zh-Hans uses [$n]",
                "en.ftl: `b.title` is missing",
                "en.ftl: `c` is missing",
                "en.ftl: `d` is not in zh-Hans",
            ]
        );
    }

    #[test]
    fn variables_are_found_in_functions_selectors_and_nested_placeables() {
        let text = "m = { NUMBER($a, maximumFractionDigits: 1) } { $b ->\n    [x] { { $c } }\n   *[y] { -term(case: \"x\") }\n}\n";
        let (found, wrong) = contents(text);
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(found["m"].iter().collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn a_broken_line_is_told_with_its_number() {
        let found = compare("a = 一\n", "a = One\nb = { $n\n", "en.ftl");
        assert!(found.iter().any(|line| line.starts_with("en.ftl: line ")), "{found:?}");
    }
}
