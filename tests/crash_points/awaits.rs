//! Every await of a source file, and the file with a place after each.

use proc_macro2::{LineColumn, TokenStream, TokenTree};
use syn::{
    Expr, ExprAwait, ImplItemFn, ItemFn, Macro,
    spanned::Spanned,
    visit::{self, Visit},
};

/// A source file in which a place follows each await.
pub struct Placed {
    pub source: String,
    /// The names of the places, in the order of the file.
    pub places: Vec<String>,
}

/// Puts `.await` into `place::passed("NAME", ….await)`, wherever it stands. Lines stay what they are.
pub fn placed(file: &str, source: &str) -> Placed {
    let syntax = syn::parse_file(source).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut awaits = Awaits { file, function: String::new(), number: 0, found: Vec::new() };
    awaits.visit_file(&syntax);
    let mut insertions = Vec::new();
    // What holds another await begins before it, though at the same character.
    for found in awaits.found.iter().rev() {
        insertions.push((found.begin, format!("::place::passed({:?}, ", found.name)));
        insertions.push((found.end, ")".to_owned()));
    }
    Placed {
        source: with(source, insertions),
        places: awaits.found.into_iter().map(|found| found.name).collect(),
    }
}

struct Found {
    name: String,
    begin: LineColumn,
    end: LineColumn,
}

struct Awaits<'a> {
    file: &'a str,
    /// The function that is being read, and how many awaits of it were found.
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

    /// What a macro makes of an await is not to be seen from here.
    fn visit_macro(&mut self, called: &'ast Macro) {
        let hidden = holds_await(called.tokens.clone());
        assert!(!hidden, "{}: {}: an await within a macro", self.file, self.function);
    }
}

/// What is awaited, in a word: the function or method that was called.
fn awaited(expression: &Expr) -> String {
    match expression {
        Expr::Call(call) => awaited(&call.func),
        Expr::MethodCall(call) => call.method.to_string(),
        Expr::Path(path) => {
            let names = path.path.segments.iter().map(|segment| segment.ident.to_string());
            names.collect::<Vec<_>>().join("::")
        }
        _ => "it".to_owned(),
    }
}

fn holds_await(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "await",
        TokenTree::Group(group) => holds_await(group.stream()),
        _ => false,
    })
}

/// The source with texts put in, the last one first, so that what comes before stays in its place.
fn with(source: &str, mut insertions: Vec<(LineColumn, String)>) -> String {
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
fn a_place_follows_each_await_also_where_one_holds_another() {
    let source = "async fn go() {\n    ask(one().await).await?.more().await;\n}\n";
    let placed = placed("x.rs", source);
    assert_eq!(placed.places, ["x.rs go 1 one", "x.rs go 2 ask", "x.rs go 3 more"]);
    let expected = "async fn go() {\n    ::place::passed(\"x.rs go 3 more\", \
                    ::place::passed(\"x.rs go 2 ask\", ask(::place::passed(\"x.rs go 1 one\", \
                    one().await)).await)?.more().await);\n}\n";
    assert_eq!(placed.source, expected);
}

#[test]
#[should_panic(expected = "x.rs: go: an await within a macro")]
fn an_await_that_cannot_be_followed_is_refused() {
    placed("x.rs", "async fn go() { log!(one().await); }");
}
