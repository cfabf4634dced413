//! What is shown, and how keys change it.

use std::sync::Arc;

use operations::status::{ProductStatus, Status};
use ratatui::crossterm::event::{KeyCode, KeyModifiers};
use terminal::zone::Zone;

/// What the source has read last.
#[derive(Debug, Clone, Default)]
pub struct Latest {
    /// `None` before the first reading.
    pub status: Option<Arc<Status>>,
    /// Why the deployment could not be read, if it could not. The status is older then.
    pub error: Option<String>,
    /// What the last redrive has done.
    pub redriven: Option<String>,
}

/// What a key asks for, beyond the screen itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    None,
    Quit,
    /// Redrive the dead letters of this product.
    Redrive(String),
}

/// What the keys are for now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Look,
    /// The reader types a filter.
    Filter,
    /// The reader is asked whether to redrive the dead letters of this product.
    Confirm(String),
}

/// What is shown.
#[derive(Debug)]
pub struct Screen {
    pub latest: Latest,
    pub zone: Zone,
    pub mode: Mode,
    /// What the reader has to know about the last key.
    pub notice: Option<String>,
    /// Only products whose SKU, name or factory contains this text are shown.
    pub filter: String,
    /// Only products with a restock, or at their reorder point, are shown.
    pub only_attention: bool,
    selected: usize,
}

impl Screen {
    pub fn new(zone: Zone) -> Self {
        Self {
            latest: Latest::default(),
            zone,
            mode: Mode::default(),
            notice: None,
            filter: String::new(),
            only_attention: false,
            selected: 0,
        }
    }

    /// Takes over a new reading.
    pub fn update(&mut self, latest: Latest) {
        self.latest = latest;
    }

    /// The products that pass the filters.
    pub fn products(&self) -> Vec<&ProductStatus> {
        let all = self.latest.status.iter().flat_map(|status| &status.products);
        all.filter(|product| self.shows(product)).collect()
    }

    fn shows(&self, product: &ProductStatus) -> bool {
        let text = format!("{} {} {}", product.sku, product.name, product.factory).to_lowercase();
        let is_low = product.stock <= product.reorder_point && !product.is_retired;
        let attention = product.restock.is_some() || is_low;
        text.contains(&self.filter.to_lowercase()) && (attention || !self.only_attention)
    }

    /// The place of the selected product in [`products`](Self::products).
    pub fn selected(&self) -> Option<usize> {
        let last = self.products().len().checked_sub(1)?;
        Some(self.selected.min(last))
    }

    /// The selected product.
    pub fn product(&self) -> Option<&ProductStatus> {
        self.selected().and_then(|selected| self.products().get(selected).copied())
    }

    /// Handles a key.
    pub fn press(&mut self, key: KeyCode, modifiers: KeyModifiers) -> Action {
        if key == KeyCode::Char('c') && modifiers.contains(KeyModifiers::CONTROL) {
            return Action::Quit;
        }
        self.notice = None;
        match std::mem::take(&mut self.mode) {
            Mode::Look => self.look(key),
            Mode::Filter => self.edit_filter(key),
            Mode::Confirm(sku) if key == KeyCode::Char('y') => Action::Redrive(sku),
            Mode::Confirm(_) => Action::None,
        }
    }

    fn look(&mut self, key: KeyCode) -> Action {
        match key {
            KeyCode::Char('q') | KeyCode::Esc => return Action::Quit,
            KeyCode::Char('/') => self.mode = Mode::Filter,
            KeyCode::Char('a') => self.only_attention = !self.only_attention,
            KeyCode::Down | KeyCode::Char('j') => self.select(1),
            KeyCode::Up | KeyCode::Char('k') => self.select(-1),
            KeyCode::Char('r') => self.ask_to_redrive(),
            _ => {}
        }
        Action::None
    }

    fn ask_to_redrive(&mut self) {
        let Some(sku) = self.product().map(|product| product.sku.clone()) else { return };
        let status = self.latest.status.as_ref();
        if status.is_some_and(|status| status.dead_letters.of_products.contains_key(&sku)) {
            self.mode = Mode::Confirm(sku);
        } else {
            self.notice = Some(format!("no dead letter of {sku}"));
        }
    }

    fn edit_filter(&mut self, key: KeyCode) -> Action {
        self.mode = Mode::Filter;
        match key {
            KeyCode::Char(letter) => self.filter.push(letter),
            KeyCode::Backspace => {
                self.filter.pop();
            }
            KeyCode::Esc => {
                self.filter.clear();
                self.mode = Mode::Look;
            }
            KeyCode::Enter => self.mode = Mode::Look,
            _ => {}
        }
        Action::None
    }

    fn select(&mut self, step: isize) {
        let last = self.products().len().saturating_sub(1);
        let now = self.selected().unwrap_or_default();
        self.selected = now.saturating_add_signed(step).min(last);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use operations::status::LetterStatus;
    use serde_json::json;

    pub(crate) fn screen() -> Screen {
        let product = |sku: &str, stock: i64| operations::status::ProductStatus {
            sku: sku.to_owned(),
            name: "부산도너츠".to_owned(),
            stock,
            reorder_point: 10,
            target_stock: 50,
            factory: "FF-500293".to_owned(),
            is_retired: false,
            restock: None,
        };
        let status = Status {
            products: vec![product("CP-1", 0), product("CP-2", 40), product("CP-3", 5)],
            dead_letters: LetterStatus {
                of_products: [("CP-2".to_owned(), 1), ("CP-3".to_owned(), 2)].into(),
                ..LetterStatus::default()
            },
            ..Status::default()
        };
        let mut screen = Screen::new(Zone::utc());
        screen.update(Latest { status: Some(Arc::new(status)), ..Latest::default() });
        assert_eq!(json!(screen.products().len()), json!(3));
        screen
    }

    fn press(screen: &mut Screen, keys: &str) -> Action {
        let presses = keys.chars().map(|key| match key {
            '\n' => KeyCode::Enter,
            other => KeyCode::Char(other),
        });
        presses.fold(Action::None, |_, key| screen.press(key, KeyModifiers::NONE))
    }

    #[test]
    fn a_redrive_asks_first_and_is_about_the_selected_product() {
        let mut screen = screen();
        assert_eq!(press(&mut screen, "jr"), Action::None);
        assert_eq!(screen.mode, Mode::Confirm("CP-2".to_owned()));
        assert_eq!(press(&mut screen, "n"), Action::None);
        assert_eq!(press(&mut screen, "y"), Action::None, "the question was answered with no");
        assert_eq!(press(&mut screen, "jry"), Action::Redrive("CP-3".to_owned()));
    }

    #[test]
    fn a_product_without_dead_letters_is_not_asked_about() {
        let mut screen = screen();
        assert_eq!(press(&mut screen, "r"), Action::None);
        assert_eq!(screen.mode, Mode::Look);
        assert_eq!(screen.notice.as_deref(), Some("no dead letter of CP-1"));
        assert_eq!(press(&mut screen, "yjr"), Action::None);
        assert_eq!((screen.mode, screen.notice), (Mode::Confirm("CP-2".to_owned()), None));
    }

    #[test]
    fn a_filter_takes_letters_that_are_keys_otherwise() {
        let mut screen = screen();
        assert_eq!(press(&mut screen, "/cp-1q\n"), Action::None);
        assert_eq!((screen.products().len(), screen.product().is_none()), (0, true));
        assert_eq!(press(&mut screen, "r"), Action::None, "there is nothing to redrive");
        assert_eq!(screen.mode, Mode::Look);
        screen.press(KeyCode::Char('/'), KeyModifiers::NONE);
        screen.press(KeyCode::Backspace, KeyModifiers::NONE);
        assert_eq!(screen.products().len(), 1);
    }

    #[test]
    fn only_products_that_need_attention_are_shown_if_the_reader_wants_that() {
        let mut screen = screen();
        press(&mut screen, "jja");
        let shown: Vec<_> = screen.products().iter().map(|product| product.sku.clone()).collect();
        assert_eq!(shown, ["CP-1", "CP-3"]);
        assert_eq!(screen.product().map(|product| product.sku.as_str()), Some("CP-3"));
    }

    #[test]
    fn control_c_ends_also_while_a_filter_is_typed() {
        let mut screen = screen();
        press(&mut screen, "/x");
        assert_eq!(screen.press(KeyCode::Char('c'), KeyModifiers::CONTROL), Action::Quit);
    }
}
