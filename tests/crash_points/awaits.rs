//! Finds every `.await` of a source file, and inserts a crash point after each.

use proc_macro2::{LineColumn, TokenStream, TokenTree};
use syn::{
    Expr, ExprAwait, ImplItemFn, ItemFn, ItemMod, Macro,
    spanned::Spanned,
    visit::{self, Visit},
};

/// A source file with a crash point after each await.
pub struct Instrumented {
    pub source: String,
    /// The names of the crash points, in the order of the file.
    pub crash_points: Vec<String>,
}

/// Replaces each `….await` by `crash_point::passed("NAME", ….await)`. Line numbers stay the same.
pub fn instrument(file: &str, source: &str) -> Instrumented {
    let syntax = syn::parse_file(source).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut awaits = Awaits { file, function: String::new(), number: 0, found: Vec::new() };
    awaits.visit_file(&syntax);
    let mut insertions = Vec::new();
    // Where an await contains another, both can begin at the same character: the outer call must be inserted first.
    for found in awaits.found.iter().rev() {
        insertions.push((found.begin, format!("::crash_point::passed({:?}, ", found.name)));
        insertions.push((found.end, ")".to_owned()));
    }
    Instrumented {
        source: insert(source, insertions),
        crash_points: awaits.found.into_iter().map(|found| found.name).collect(),
    }
}

struct Found {
    name: String,
    begin: LineColumn,
    end: LineColumn,
}

struct Awaits<'a> {
    file: &'a str,
    /// The function that is being visited, and how many awaits were found in it.
    function: String,
    number: usize,
    found: Vec<Found>,
}

impl Awaits<'_> {
    fn within(&mut self, function: String, visit: impl FnOnce(&mut Self)) {
        let outer = (std::mem::replace(&mut self.function, function), self.number);
        self.number = 0;
        visit(self);
        (self.function, self.number) = outer;
    }
}

impl<'ast> Visit<'ast> for Awaits<'_> {
    /// No function contains the tests of its module.
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if module.ident != "tests" {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        let name = function.sig.ident.to_string();
        self.within(name, |this| visit::visit_item_fn(this, function));
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        let name = function.sig.ident.to_string();
        self.within(name, |this| visit::visit_impl_item_fn(this, function));
    }

    fn visit_expr_await(&mut self, expression: &'ast ExprAwait) {
        visit::visit_expr_await(self, expression);
        self.number += 1;
        self.found.push(Found {
            name: format!(
                "{} {} {} {}",
                self.file,
                self.function,
                self.number,
                awaited(&expression.base)
            ),
            begin: expression.span().start(),
            end: expression.span().end(),
        });
    }

    /// The arguments of a macro are not parsed, so an await among them would be missed.
    fn visit_macro(&mut self, called: &'ast Macro) {
        let hidden = holds_await(called.tokens.clone());
        assert!(!hidden, "{}: {}: an await within a macro", self.file, self.function);
    }
}

/// The name of the function or method that is awaited.
fn awaited(expression: &Expr) -> String {
    match expression {
        Expr::Call(call) => awaited(&call.func),
        Expr::MethodCall(call) => call.method.to_string(),
        Expr::Path(path) => {
            let names = path.path.segments.iter().map(|segment| segment.ident.to_string());
            names.collect::<Vec<_>>().join("::")
        }
        _ => "expression".to_owned(),
    }
}

fn holds_await(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "await",
        TokenTree::Group(group) => holds_await(group.stream()),
        _ => false,
    })
}

/// Inserts texts into the source, the last one first, so that earlier positions stay valid.
fn insert(source: &str, mut insertions: Vec<(LineColumn, String)>) -> String {
    insertions.sort_by_key(|(at, _)| (at.line, at.column));
    let mut lines: Vec<String> = source.split('\n').map(str::to_owned).collect();
    for (at, text) in insertions.into_iter().rev() {
        let line = &mut lines[at.line - 1];
        let byte = line.char_indices().nth(at.column).map_or(line.len(), |(byte, _)| byte);
        line.insert_str(byte, &text);
    }
    lines.join("\n")
}

#[test]
fn a_crash_point_follows_each_await_also_where_one_contains_another() {
    let source = "async fn go() {\n    ask(one().await).await?.more().await;\n}\n";
    let instrumented = instrument("x.rs", source);
    assert_eq!(instrumented.crash_points, ["x.rs go 1 one", "x.rs go 2 ask", "x.rs go 3 more"]);
    let expected = "async fn go() {\n    ::crash_point::passed(\"x.rs go 3 more\", \
                    ::crash_point::passed(\"x.rs go 2 ask\", ask(::crash_point::passed(\"x.rs go 1 one\", \
                    one().await)).await)?.more().await);\n}\n";
    assert_eq!(instrumented.source, expected);
}

#[test]
#[should_panic(expected = "x.rs: go: an await within a macro")]
fn an_await_within_a_macro_is_refused() {
    instrument("x.rs", "async fn go() { log!(one().await); }");
}
