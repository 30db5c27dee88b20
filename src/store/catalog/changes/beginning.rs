//! How a change begins.

use serde::{Deserialize, Serialize};

use super::super::catalog_do::Catalog;
use super::super::product_rows::sql_id;
use super::super::products::{ProductsQuery, Show};
use super::views::ChangeView;
use super::{Check, Chosen, Cursor, Kind, State};
use crate::bigcommerce::ids::PanelUser;
use crate::error::{Error, Result};
use crate::platform::clock;
use crate::store::calls::{BeginChange, BeginImport};

/// Products that a rule can be asked for by name.
const MOST_NAMED: usize = 1000;

/// A change by a rule, as the console asks for it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    kind: Kind,
    #[serde(default)]
    show: Show,
    /// Words in the name or a SKU, or the id.
    #[serde(default)]
    pub search: String,
    products: Option<Vec<u64>>,
}

impl Wanted {
    /// Reads a body of the console.
    pub fn parse(body: &str) -> Result<Self> {
        let wanted: Self = serde_json::from_str(body)
            .map_err(|error| Error::bad_request(format!("The body is not understood: {error}")))?;
        if !matches!(wanted.kind, Kind::Fill | Kind::Offer | Kind::Withdraw) {
            return Err(Error::bad_request("kind must be fill, offer or withdraw."));
        }
        if wanted.products.as_ref().is_some_and(|products| !(1..=MOST_NAMED).contains(&products.len())) {
            return Err(Error::bad_request(format!("products must be 1 to {MOST_NAMED}.")));
        }
        Ok(wanted)
    }
}

impl Catalog {
    /// Makes room for a file that comes in; gives its number.
    pub(in crate::store::catalog) fn begin_import(&self, call: &BeginImport) -> Result<i64> {
        let check = Check {
            file_name: Some(call.file_name.clone()),
            file_bytes: call.file_bytes,
            total: call.file_bytes.unwrap_or(0),
            ..Check::new(Cursor::Reading { columns: None, offset: 0, line: 0 })
        };
        let version = self.database.transaction(|| {
            self.give_up_dead_uploads()?;
            self.begin_change_of(Kind::Import, State::Uploading, &check, &call.user)
        })?;
        self.note_upload(version);
        self.look_for_dead_uploads_later()?;
        Ok(version)
    }

    /// Begins to check a change by a rule.
    pub(in crate::store::catalog) fn begin_change(&self, call: &BeginChange) -> Result<ChangeView> {
        let Wanted { kind, show, search, products } = &call.wanted;
        let chosen = match products {
            Some(products) => Chosen::Named(products.clone()),
            None => Chosen::Found(ProductsQuery { search: search.clone(), show: *show, ..ProductsQuery::default() }),
        };
        let version = self.database.transaction(|| {
            self.give_up_dead_uploads()?;
            let mut check = Check { chosen: Some(chosen.clone()), ..Check::new(Cursor::Comparing { after: 0 }) };
            check.total = self.count_chosen(&chosen)?;
            self.schedule_check()?;
            self.begin_change_of(*kind, State::Checking, &check, &call.user)
        })?;
        self.read_change(version)
    }

    fn begin_change_of(&self, kind: Kind, state: State, check: &Check, user: &PanelUser) -> Result<i64> {
        #[derive(Deserialize)]
        struct Row {
            id: i64,
        }
        self.refuse_if_checking()?;
        let row: Option<Row> = self.database.row(
            "INSERT INTO versions (kind, state, created_at, user_id, email) VALUES (?, ?, ?, ?, ?) RETURNING id",
            vec![
                kind.name().into(),
                state.name().into(),
                clock::now().into(),
                sql_id(user.id).into(),
                user.email.as_str().into(),
            ],
        )?;
        let id = row.map(|row| row.id).ok_or_else(|| Error::internal("no version"))?;
        self.keep_check(id, check)?;
        Ok(id)
    }

    /// One at a time: a check reads what is in force.
    pub(super) fn refuse_if_checking(&self) -> Result<()> {
        let is_busy = self.find_prepared("v.state IN ('uploading', 'checking') AND v.id > ?", 0.into())?.is_some();
        let message = "Another change is being checked. Wait until that is done, or cancel it.";
        if is_busy { Err(Error::Conflict { message: message.to_owned() }) } else { Ok(()) }
    }
}
