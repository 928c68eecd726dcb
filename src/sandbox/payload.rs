//! The body of a request, taken apart once for the journal, the faults and the handlers.

use std::borrow::Cow;

use axum::body::{Body, Bytes};
use axum::extract::{Form, FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;

/// How a body was encoded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// No body, or one of a type with no fields.
    #[default]
    Other,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
}

/// A body with its fields in the order of arrival. Multipart file names and content types are
/// not kept: real clients send flags as files and files as flags.
#[derive(Debug, Default)]
pub(crate) struct Payload {
    /// How it was encoded.
    pub(crate) encoding: Encoding,
    /// What was wrong with the encoding, if it could not be read to its end.
    pub(crate) broken: Option<String>,
    /// The body as it came.
    pub(crate) raw: Bytes,
    fields: Vec<(String, Bytes)>,
}

impl Payload {
    /// Takes a body apart by its content type.
    pub(crate) async fn read(parts: &Parts, body: Bytes) -> Self {
        let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().trim_start().to_ascii_lowercase();
        let raw = body.clone();
        let payload = if content_type.starts_with("multipart/form-data") {
            Self::read_multipart(parts, body).await
        } else if content_type.starts_with("application/x-www-form-urlencoded") {
            Self::read_form(parts, body).await
        } else {
            Self::default()
        };
        Self { raw, ..payload }
    }

    async fn read_multipart(parts: &Parts, body: Bytes) -> Self {
        let mut payload = Self { encoding: Encoding::Multipart, ..Self::default() };
        let mut multipart = match Multipart::from_request(rebuild(parts, body), &()).await {
            Ok(multipart) => multipart,
            Err(rejection) => {
                payload.broken = Some(rejection.body_text());
                return payload;
            }
        };
        loop {
            let field = match multipart.next_field().await {
                Ok(Some(field)) => field,
                Ok(None) => return payload,
                Err(error) => {
                    payload.broken = Some(error.body_text());
                    return payload;
                }
            };
            let name = field.name().unwrap_or_default().to_owned();
            match field.bytes().await {
                Ok(content) => payload.fields.push((name, content)),
                Err(error) => {
                    payload.broken = Some(error.body_text());
                    return payload;
                }
            }
        }
    }

    async fn read_form(parts: &Parts, body: Bytes) -> Self {
        let mut payload = Self { encoding: Encoding::Form, ..Self::default() };
        // `Form` reads the query for GET and HEAD; a body there is of no interest.
        match Form::<Vec<(String, String)>>::from_request(rebuild(parts, body), &()).await {
            Ok(Form(fields)) => {
                payload.fields = fields.into_iter().map(|(name, value)| (name, Bytes::from(value))).collect();
            }
            Err(rejection) => payload.broken = Some(rejection.body_text()),
        }
        payload
    }

    /// The body as JSON, whatever content type it was given; `None` where it is none.
    pub(crate) fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.raw).ok()
    }

    /// The names of the fields, in the order of arrival.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    /// The bytes of the first field of this name.
    pub(crate) fn bytes(&self, name: &str) -> Option<&Bytes> {
        let field = self.fields.iter().find(|(field, _)| field == name);
        field.map(|(_, content)| content)
    }

    /// The text of the first field of this name.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.bytes(name).map(|content| String::from_utf8_lossy(content))
    }

    /// The first field of this name read as a flag: `true` in any case is true, anything else
    /// that is present is false.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.text(name).map(|text| text.trim().eq_ignore_ascii_case("true"))
    }
}

fn rebuild(parts: &Parts, body: Bytes) -> Request {
    let mut request = Request::new(Body::from(body));
    request.method_mut().clone_from(&parts.method);
    request.uri_mut().clone_from(&parts.uri);
    request.headers_mut().clone_from(&parts.headers);
    request.extensions_mut().clone_from(&parts.extensions);
    request
}
