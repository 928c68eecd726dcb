//! Requests. Base path: `/api/v2` (vendor's page "Users").

use compact_str::CompactString;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder};
use serde_json::{Map, Value};

use super::access::{Access, Credentials};
use super::wire::{Page, Row, explained};
use crate::connector::{BuildContext, BuildError, Calls, ConnectorError, FailureClass, SendError};
use crate::http::{Answer, Client, Ends, Next, Paging, Repeat};
use crate::principal::{Kind, shown};

/// The calls that a sync needs.
pub(super) struct Api {
    name: String,
    base: String,
    page_size: usize,
    client: Client,
    access: Access,
}

/// A listing that was read to its end.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) rows: Vec<Row>,
    pub(super) pages: usize,
}

/// What came of a create.
#[derive(Debug)]
pub(super) enum Created {
    /// It was made, and this is its id.
    Now(CompactString),
    /// It was accepted (202), or made without telling an id.
    Unseen,
}

impl Api {
    pub(super) fn new(
        context: &BuildContext,
        url: &str,
        credentials: Credentials,
        page_size: usize,
    ) -> Result<Self, BuildError> {
        let access = Access::new(&context.name, credentials);
        let client = Client::new(&context.network, None)?;
        Ok(Self { name: context.name.clone(), base: format!("{url}/api/v2"), page_size, client, access })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn calls(&self) -> Calls {
        self.client.calls()
    }

    /// What is being done, for errors: ``creating user `ada@example.org` in B2CORE `office` ``.
    pub(super) fn doing(&self, verb: &str, kind: Kind, name: &str) -> String {
        format!("{verb} {kind} `{}` in B2CORE `{}`", shown(name, 80), self.name)
    }

    pub(super) fn listing(&self, kind: Kind) -> String {
        format!("listing the {} of B2CORE `{}`", kind.plural(), self.name)
    }

    /// `GET users` or `GET groups`, page by page: `offset` moves on by what was received, since the greatest `limit` is
    /// not published, and only an empty page is the end. `email` asks for one user; how that is matched is not
    /// published either, so that the rows are compared once more.
    pub(super) async fn list(&self, kind: Kind, email: Option<&str>) -> Result<Listing, ConnectorError> {
        let doing = self.listing(kind);
        let fail = |why: String| ConnectorError::new(FailureClass::Unexpected, doing.as_str(), why);
        let mut paging = Paging::new(Ends::AtEmptyPage);
        let (mut rows, mut offset, mut total) = (Vec::new(), 0, None);
        loop {
            let page = self.page(kind, offset, email, &doing).await?;
            let ids: Option<Vec<CompactString>> = page.rows.iter().map(Row::id).collect();
            let ids = ids.ok_or_else(|| fail(format!("a {kind} of the list has no `id` that is an integer")))?;
            total = page.total.or(total);
            let next = paging.page(ids.iter().map(CompactString::as_str), page.total).map_err(|why| {
                fail(format!("the pages do not make a whole: {why}"))
                    .with_hint("nothing was decided and nothing was written; the next run reads again")
            })?;
            match next {
                Next::From(at) => {
                    rows.extend(page.rows);
                    offset = at;
                }
                Next::Again => (rows, offset, total) = (Vec::new(), 0, None),
                Next::End => break,
            }
        }
        if let Some(total) = total.filter(|total| rows.len() < *total) {
            return Err(fail(format!("an empty page ended the list after {} of {total}", rows.len())));
        }
        Ok(Listing { rows, pages: paging.pages() })
    }

    async fn page(&self, kind: Kind, offset: usize, email: Option<&str>, doing: &str) -> Result<Page, ConnectorError> {
        let url = self.url(kind, None);
        let mut query = vec![("limit", self.page_size.to_string()), ("offset", offset.to_string())];
        query.extend(email.map(|email| ("filter[email]", email.to_owned())));
        let answer = self.access.send(&self.client, doing, Repeat::Safe, |inner| inner.get(&url).query(&query)).await;
        let body: Value = read(&answer.map_err(SendError::into_error)?, doing)?;
        Page::read(body).map_err(|why| ConnectorError::new(FailureClass::Unexpected, doing, why))
    }

    /// `GET users/{id}` or `GET groups/{id}`.
    pub(super) async fn one(&self, kind: Kind, id: &str, doing: &str) -> Result<Row, SendError> {
        let url = self.url(kind, Some(id));
        let answer = self.access.send(&self.client, doing, Repeat::Safe, |inner| inner.get(&url)).await;
        // Nothing was changed by it, whatever became of it.
        let answer = answer.map_err(SendError::into_error)?;
        let row = Row::read(read(&answer, doing)?);
        Ok(row.ok_or_else(|| ConnectorError::new(FailureClass::Unexpected, doing, "the answer is no object"))?)
    }

    /// `POST users` or `POST groups`, sent once and never again. Errors never hold what stands in `secrets`.
    pub(super) async fn create(
        &self,
        kind: Kind,
        body: &Map<String, Value>,
        doing: &str,
        secrets: &[&str],
    ) -> Result<Created, SendError> {
        let answer = self.write(Method::POST, &self.url(kind, None), Some(body), doing).await;
        let answer = answer.map_err(|error| error.map(|error| error.without(secrets.iter().copied())))?;
        let row: Option<Row> = serde_json::from_slice(&answer.body).ok().and_then(Row::read);
        Ok(row.and_then(|row| row.id()).map_or(Created::Unseen, Created::Now))
    }

    /// `PATCH` or `PUT` of one user or group.
    pub(super) async fn change(
        &self,
        method: Method,
        kind: Kind,
        id: &str,
        body: &Map<String, Value>,
        doing: &str,
    ) -> Result<(), SendError> {
        self.write(method, &self.url(kind, Some(id)), Some(body), doing).await.map(|_| ())
    }

    /// `DELETE users/{id}`.
    pub(super) async fn delete(&self, kind: Kind, id: &str, doing: &str) -> Result<(), SendError> {
        self.write(Method::DELETE, &self.url(kind, Some(id)), None, doing).await.map(|_| ())
    }

    /// A request that writes: any 2xx is a success (vendor's page "Overview": 200, 201, 202 and 204), but for a page
    /// for people, behind which nobody knows what was done.
    async fn write(
        &self,
        method: Method,
        url: &str,
        body: Option<&Map<String, Value>>,
        doing: &str,
    ) -> Result<Answer, SendError> {
        let text = body.map(|body| Value::Object(body.clone()).to_string());
        let make = |inner: &reqwest::Client| -> RequestBuilder {
            let request = inner.request(method.clone(), url);
            match &text {
                Some(text) => request.header(CONTENT_TYPE, "application/json").body(text.clone()),
                None => request,
            }
        };
        let answer = self.access.send(&self.client, doing, Repeat::Never, make).await?;
        if !answer.is_success() {
            return Err(SendError::Failed(explained(answer.refusal(doing), &answer)));
        }
        answer.text(doing).map_err(SendError::Unknown)?;
        Ok(answer)
    }

    fn url(&self, kind: Kind, id: Option<&str>) -> String {
        let id = id.map(|id| format!("/{id}")).unwrap_or_default();
        format!("{}/{}{id}", self.base, kind.plural())
    }
}

fn read(answer: &Answer, doing: &str) -> Result<Value, ConnectorError> {
    answer.json(doing).map_err(|error| if answer.is_success() { error } else { explained(error, answer) })
}
