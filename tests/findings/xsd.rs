//! A strict reader of XML Schema, as far as `schemas/junit-10.xsd` goes: what else a schema may hold makes it panic, so
//! that nothing is taken for valid because it was not understood.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

const XS: &str = "http://www.w3.org/2001/XMLSchema";
/// The one pattern of the schema; `is_surefire_time` is written after it.
const SUREFIRE_TIME: &str = r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?";

/// A schema.
pub(super) struct Schema<'s> {
    root: Node<'s, 's>,
}

impl<'s> Schema<'s> {
    pub(super) fn new(document: &'s Document<'s>) -> Schema<'s> {
        let root = document.root_element();
        assert!(root.has_tag_name((XS, "schema")), "not a schema");
        for part in elements(root) {
            let known = ["simpleType", "complexType", "element"].contains(&part.tag_name().name());
            assert!(known && part.has_attribute("name"), "not understood: {part:?}");
        }
        Schema { root }
    }

    /// What is wrong with a document, if anything.
    pub(super) fn check(&self, text: &str) -> Result<(), String> {
        let document = Document::parse(text).map_err(|error| error.to_string())?;
        let root = document.root_element();
        let declared = self.global("element", root.tag_name().name());
        self.element(root, declared.ok_or_else(|| format!("`{}` is no element", root.tag_name().name()))?)
    }

    fn global(&self, kind: &str, name: &str) -> Option<Node<'s, 's>> {
        elements(self.root).find(|part| part.has_tag_name((XS, kind)) && part.attribute("name") == Some(name))
    }

    fn element(&self, node: Node<'_, '_>, declared: Node<'s, 's>) -> Result<(), String> {
        understood(declared, &["name", "type", "ref", "minOccurs", "maxOccurs"]);
        match (declared.attribute("type"), declared.attribute("ref")) {
            (None, Some(name)) => self.element(node, self.global("element", name).expect("what is referred to")),
            (None, None) => self.complex(node, only(declared)),
            (Some("xs:string"), None) => match (elements(node).next(), node.attributes().next()) {
                (None, None) => Ok(()),
                _ => Err(format!("`{}` is text and has more", node.tag_name().name())),
            },
            (Some(name), None) => self.complex(node, self.global("complexType", name).expect("a complex type")),
            (Some(_), Some(_)) => panic!("not understood: {declared:?}"),
        }
    }

    fn complex(&self, node: Node<'_, '_>, declared: Node<'s, 's>) -> Result<(), String> {
        assert!(declared.has_tag_name((XS, "complexType")), "not understood: {declared:?}");
        understood(declared, &["name", "mixed"]);
        let name = node.tag_name().name();
        let text = node.children().filter(Node::is_text).filter_map(|text| text.text());
        if declared.attribute("mixed") != Some("true") && text.into_iter().any(|text| !text.trim().is_empty()) {
            return Err(format!("`{name}` holds text"));
        }
        let (attributes, content): (Vec<_>, Vec<_>) =
            elements(declared).partition(|part| part.has_tag_name((XS, "attribute")));
        self.attributes(node, &attributes)?;
        assert!(content.len() <= 1, "not understood: {declared:?}");
        let children: Vec<Node<'_, '_>> = elements(node).collect();
        let ends = content.first().map_or(BTreeSet::from([0]), |part| ends(*part, &children, 0));
        if !ends.contains(&children.len()) {
            return Err(format!("`{name}` does not hold what it should"));
        }
        children.iter().try_for_each(|child| {
            let wanted = |part: &Node<'s, 's>| {
                let named = part.attribute("name").or(part.attribute("ref"));
                part.has_tag_name((XS, "element")) && named == Some(child.tag_name().name())
            };
            self.element(*child, content[0].descendants().find(wanted).expect("what was just matched"))
        })
    }

    fn attributes(&self, node: Node<'_, '_>, declared: &[Node<'s, 's>]) -> Result<(), String> {
        let name = node.tag_name().name();
        for attribute in node.attributes() {
            let Some(part) = declared.iter().find(|part| part.attribute("name") == Some(attribute.name())) else {
                return Err(format!("`{name}` has no attribute `{}`", attribute.name()));
            };
            assert!(attribute.namespace().is_none(), "not understood: {attribute:?}");
            understood(*part, &["name", "type", "use"]);
            match part.attribute("type").expect("a type") {
                "xs:string" => {}
                simple => self.simple(attribute.value(), simple)?,
            }
        }
        for part in declared.iter().filter(|part| part.attribute("use") == Some("required")) {
            let wanted = part.attribute("name").expect("a name");
            if !node.has_attribute(wanted) {
                return Err(format!("`{name}` lacks `{wanted}`"));
            }
        }
        Ok(())
    }

    fn simple(&self, value: &str, name: &str) -> Result<(), String> {
        let restriction = only(self.global("simpleType", name).expect("a simple type"));
        assert_eq!(restriction.attribute("base"), Some("xs:string"));
        let pattern = only(restriction);
        assert!(pattern.has_tag_name((XS, "pattern")), "not understood: {pattern:?}");
        assert_eq!(pattern.attribute("value"), Some(SUREFIRE_TIME), "a pattern that is not understood");
        if is_surefire_time(value) { Ok(()) } else { Err(format!("`{value}` is no {name}")) }
    }
}

/// Whether `SUREFIRE_TIME` matches: digits with commas, at least three digits after the last comma, then perhaps a point
/// and digits.
fn is_surefire_time(value: &str) -> bool {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let last = whole.rsplit(',').next().unwrap_or_default();
    digits(fraction) && whole.split(',').all(digits) && (!whole.contains(',') || last.len() >= 3)
}

/// Where a particle may end among children, begun at `start`.
fn ends(particle: Node<'_, '_>, children: &[Node<'_, '_>], start: usize) -> BTreeSet<usize> {
    let count = |name: &str| match particle.attribute(name) {
        None => Some(1),
        Some("unbounded") => None,
        Some(number) => Some(number.parse::<usize>().expect("a number")),
    };
    let (least, most) = (count("minOccurs").expect("a number"), count("maxOccurs"));
    let (mut found, mut now) = (BTreeSet::new(), BTreeSet::from([start]));
    for turn in 0..=most.unwrap_or(children.len() + least) {
        if turn >= least {
            found.extend(now.iter().copied());
        }
        now = now.into_iter().flat_map(|at| once(particle, children, at)).collect();
    }
    found
}

fn once(particle: Node<'_, '_>, children: &[Node<'_, '_>], start: usize) -> BTreeSet<usize> {
    match particle.tag_name().name() {
        "sequence" => elements(particle).fold(BTreeSet::from([start]), |begun, part| {
            begun.into_iter().flat_map(|at| ends(part, children, at)).collect()
        }),
        "choice" => elements(particle).flat_map(|part| ends(part, children, start)).collect(),
        "element" => {
            let name = particle.attribute("name").or(particle.attribute("ref"));
            let fits = children.get(start).is_some_and(|child| name == Some(child.tag_name().name()));
            if fits { BTreeSet::from([start + 1]) } else { BTreeSet::new() }
        }
        other => panic!("not understood: {other}"),
    }
}

fn elements<'a, 'i: 'a>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(Node::is_element)
}

fn only<'a, 'i: 'a>(node: Node<'a, 'i>) -> Node<'a, 'i> {
    let parts: Vec<Node<'_, '_>> = elements(node).collect();
    assert_eq!(parts.len(), 1, "not understood: {node:?}");
    parts[0]
}

fn understood(part: Node<'_, '_>, attributes: &[&str]) {
    let known = |name: &str| attributes.contains(&name);
    assert!(part.attributes().all(|attribute| known(attribute.name())), "not understood: {part:?}");
}

/// The schema of the findings' JUnit form.
pub(super) fn junit(text: &str) -> Result<(), String> {
    let schema = include_str!("../schemas/junit-10.xsd");
    Schema::new(&Document::parse(schema).expect("a schema")).check(text)
}

#[test]
fn the_checker_takes_what_the_schema_allows() {
    for valid in [
        "<testsuites/>",
        "<testsuites name='a' time='1,234.5'> <testsuite name='' tests='' failures='' errors=''/> </testsuites>",
        "<testsuite name='a' tests='1' failures='0' errors='0' skipped='0'><properties><property name='a' value='b'/>\
         </properties><testcase name='a'/><system-out>x</system-out></testsuite>",
        "<testcase name='a'><failure type='x'>text</failure><system-out/><failure/><skipped message=''/></testcase>",
        "<testcase name='a'><rerunFailure type='x'>text<stackTrace/><system-err/></rerunFailure></testcase>",
    ] {
        assert_eq!(junit(valid), Ok(()), "{valid}");
    }
}

#[test]
fn the_checker_rejects_what_the_schema_does_not_allow() {
    for (broken, problem) in [
        ("<testsuites>", "root"),
        ("<report/>", "`report` is no element"),
        ("<testsuites skipped='0'/>", "no attribute `skipped`"),
        ("<testsuites>text</testsuites>", "`testsuites` holds text"),
        ("<testsuites><testcase name='a'/></testsuites>", "`testsuites` does not hold"),
        ("<testsuites time='soon'/>", "`soon` is no SUREFIRE_TIME"),
        ("<testsuites time='1,23'/>", "`1,23` is no SUREFIRE_TIME"),
        ("<testsuite name='a' tests='1' failures='0'/>", "`testsuite` lacks `errors`"),
        ("<testcase/>", "`testcase` lacks `name`"),
        ("<testcase name='a' file='b'/>", "no attribute `file`"),
        ("<testcase name='a'><testcase name='b'/></testcase>", "`testcase` does not hold"),
        ("<testcase name='a'><failure><b/></failure></testcase>", "`failure` does not hold"),
        ("<testcase name='a'><system-out a='b'/></testcase>", "is text and has more"),
        ("<testcase name='a'><rerunFailure/></testcase>", "`rerunFailure` lacks `type`"),
        (
            "<testcase name='a'><rerunError type='x'><system-err/><stackTrace/></rerunError></testcase>",
            "`rerunError` does not hold",
        ),
    ] {
        let told = junit(broken).expect_err(broken);
        assert!(told.contains(problem), "{broken}: {told}");
    }
}

#[test]
#[should_panic(expected = "not understood")]
fn the_checker_takes_nothing_on_trust() {
    let schema = format!(
        "<xs:schema xmlns:xs='{XS}'><xs:element name='a'><xs:complexType><xs:all/></xs:complexType>\
                          </xs:element></xs:schema>"
    );
    let document = Document::parse(&schema).expect("XML");
    let _ = Schema::new(&document).check("<a/>");
}
