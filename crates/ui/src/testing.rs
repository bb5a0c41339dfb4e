//! What tests of pages look at: the forms of a page, and the faults that no page may have.

/// The form of a page that is sent to `action` by POST, or one of whose buttons is.
#[must_use]
pub fn form_of<'a>(page: &'a str, action: &str) -> Option<&'a str> {
    let forms = page.split("<form").skip(1).map(|f| &f[..f.find("</form>").unwrap_or(f.len())]);
    let sent = format!("action=\"{action}\"");
    forms.into_iter().find(|f| f.contains(&sent) && f[..f.find('>').unwrap_or(0)].contains("post"))
}

/// The value of an attribute of a tag.
#[must_use]
pub fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let from = tag.find(&format!("{name}=\""))? + name.len() + 2;
    Some(&tag[from..from + tag[from..].find('"')?])
}

/// The hidden fields of a form.
#[must_use]
pub fn hidden(form: &str) -> Vec<(String, String)> {
    let tags = form.split("<input").skip(1).map(|i| &i[..i.find('>').unwrap_or(i.len())]);
    tags.filter(|tag| tag.contains("type=\"hidden\""))
        .filter_map(|tag| {
            let value = attribute(tag, "value").unwrap_or_default();
            Some((attribute(tag, "name")?.to_owned(), value.replace("&quot;", "\"").replace("&amp;", "&")))
        })
        .collect()
}

fn values<'a>(page: &'a str, before: &str) -> Vec<&'a str> {
    page.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// Every id once, every label leads somewhere, one heading of the first order, every sentence found, no inline style.
///
/// # Panics
/// When the page has one of these faults; it names the page.
pub fn sound(path: &str, page: &str) {
    assert!(!page.contains("No localization"), "{path}: a sentence is missing");
    assert_eq!(page.matches("<h1").count(), 1, "{path}");
    let ids = values(page, " id=\"");
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{path}: an id stands twice in {ids:?}");
    for target in values(page, " for=\"") {
        assert!(once.contains(&target), "{path}: a label leads to {target}");
    }
    for part in values(page, "aria-describedby=\"").into_iter().flat_map(|v| v.split(' ')) {
        assert!(once.contains(&part), "{path}: described by {part}");
    }
    assert!(!page.contains(" style=") && !page.contains("<style"), "{path}: inline style");
}
