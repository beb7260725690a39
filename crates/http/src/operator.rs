//! `/api/v1/operator/…`: where every registration stands and why, tenants, the event inbox, and jobs. For the vendor's operator alone.
//! Each list is narrowed, searched and sorted by the same parameters, page by page or as a file of all of it.

pub(crate) mod events;
pub(crate) mod jobs;
pub(crate) mod registrations;
pub(crate) mod tenants;

use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use control::Cx;
use domain::{
    Error,
    list::{Asked, Word},
};
use runtime::{extract::Json, problem::ApiError};
use serde::Serialize;

use crate::{
    csv_answer::{self, BATCH},
    format::wants_csv,
    page::{ListQuery, Page},
};

/// How rows become an answer.
struct List<Row, Item, Line> {
    /// What the file is called.
    file: &'static str,
    /// The place of a row, from which the next page goes on.
    place: fn(&Row) -> String,
    /// A row in JSON.
    item: fn(Row) -> Item,
    /// A row in the file.
    line: fn(Row) -> Line,
}

impl<Row, Item, Line> List<Row, Item, Line>
where
    Row: Send + 'static,
    Item: Serialize + 'static,
    Line: Serialize + Send + 'static,
{
    /// One page, or the file; `read` has the rows of one page.
    async fn answer<State, Sort, After, F>(
        self,
        cx: Cx,
        headers: &HeaderMap,
        query: ListQuery,
        read: fn(Cx, Asked<State, Sort, After>, u64) -> F,
    ) -> Result<Response, ApiError>
    where
        State: Word,
        Sort: Word + Default,
        After: std::str::FromStr + 'static,
        F: Future<Output = Result<Vec<Row>, Error>> + Send + 'static,
    {
        let Self {
            file,
            place,
            item,
            line,
        } = self;
        if wants_csv(headers, query.format) {
            let cursor = query.cursor.clone();
            let fetch = move |cursor: Option<String>| {
                let rows = query
                    .from(cursor.as_deref())
                    .map(|asked| read(cx.clone(), asked, BATCH + 1));
                async move { Ok(Page::cut(Box::pin(rows?).await?, BATCH, place, line)) }
            };
            return Ok(csv_answer::whole(file, cursor, fetch).await?);
        }
        let limit = query.limit();
        let asked = query.from(query.cursor.as_deref())?;
        // What the database answers with is large while it comes.
        let found = Box::pin(read(cx, asked, limit + 1)).await?;
        Ok(Json(Page::cut(found, limit, place, item)).into_response())
    }
}
