//! **Import from Greenhouse**: open jobs become drafts, and an imported description is brought up to date.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use app::greenhouse::{self, Description, JobView, Jobs};
use app::{Error, Result, clean_html};
use domain::{AssessmentId, AssessmentStatus};
use serde::Deserialize;
use similar::{ChangeTag, TextDiff};
use url::form_urlencoded;

use super::person::{Person, form_of_administrator};
use super::site::{Site, go_to, sentence};
use crate::badge::Tone;
use crate::clean::CleanHtml;
use crate::dashboard::{Button, DescriptionPage, DiffLine, ImportPage, JobRow, Section, Side};
use crate::html;
use crate::parts::Remark;

/// Where it lives.
const HERE: &str = "/assessments/import";
/// Jobs on a page; their posts come with one more call.
const ROWS: usize = 50;

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/assessments/import").get(list).post(import))
        .service(
            web::resource("/assessments/{id}/description")
                .get(compare)
                .post(update),
        );
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Search {
    q: String,
    before: Option<i64>,
}

async fn list(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    search: Query<Search>,
) -> HttpResponse {
    let outcome = page(&site, &person, &search, None).await;
    let outcome = outcome.map(|page| html::answer(StatusCode::OK, &page));
    site.answer(&request, Some(&person), outcome)
}

async fn page(
    site: &Site,
    person: &Person,
    search: &Search,
    trouble: Option<Error>,
) -> Result<ImportPage> {
    let wanted = Jobs {
        q: search.q.trim().to_owned(),
        before: search.before,
        limit: ROWS + 1,
    };
    let found = match trouble {
        Some(error) => Err(error),
        None => greenhouse::jobs(&site.app, person.organization(), &wanted).await,
    };
    let mut page = ImportPage {
        frame: person.frame(site, Section::Assessments),
        first_href: search.before.map(|_| address(&wanted.q, None)),
        q: wanted.q,
        rows: Vec::new(),
        next_href: None,
        trouble: None,
        integrations: person.role().administers(),
    };
    match found {
        Ok(jobs) => {
            page.next_href = (jobs.len() > ROWS).then(|| address(&page.q, Some(jobs[ROWS - 1].id)));
            let may_import = person.role().administers();
            page.rows = jobs
                .iter()
                .take(ROWS)
                .map(|it| row(it, may_import))
                .collect();
        }
        Err(error @ (Error::Conflict { .. } | Error::FarSide { .. })) => {
            page.trouble = Some(Remark::new(Tone::Warn, sentence(&error.to_string())));
        }
        Err(error) => return Err(error),
    }
    Ok(page)
}

fn address(q: &str, before: Option<i64>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !q.is_empty() {
        query.append_pair("q", q);
    }
    if let Some(before) = before {
        query.append_pair("before", &before.to_string());
    }
    let query = query.finish();
    if query.is_empty() {
        return HERE.to_owned();
    }
    format!("{HERE}?{query}")
}

fn row(job: &JobView, may_import: bool) -> JobRow {
    let import = Button::post("Import", format!("{HERE}?job_id={}", job.id)).of(&job.name);
    JobRow {
        name: job.name.clone(),
        requisition_id: job.requisition_id.clone(),
        title: job.title.clone(),
        imported_href: job.imported.map(|id| format!("/assessments/{id}")),
        import: may_import.then_some(import),
    }
}

#[derive(Debug, Deserialize)]
struct Chosen {
    job_id: String,
}

async fn import(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    chosen: Query<Chosen>,
    body: Bytes,
) -> HttpResponse {
    if let Err(answer) = form_of_administrator(&site, &request, &person, &body) {
        return *answer;
    }
    let app = site.acting(&request, Some(&person));
    let imported = greenhouse::import(&app, person.organization(), &chosen.job_id).await;
    let outcome = match imported {
        Ok(imported) => Ok(go_to(&format!("/assessments/{}", imported.assessment.id))),
        Err(error @ (Error::Conflict { .. } | Error::FarSide { .. })) => {
            let page = page(&site, &person, &Search::default(), Some(error)).await;
            page.map(|page| html::answer(StatusCode::CONFLICT, &page))
        }
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}

async fn compare(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    id: Path<String>,
) -> HttpResponse {
    let outcome = described(&site, &person, &id, None).await;
    site.answer(&request, Some(&person), outcome)
}

async fn described(
    site: &Site,
    person: &Person,
    id: &str,
    error: Option<String>,
) -> Result<HttpResponse> {
    let id: AssessmentId = id.parse().map_err(|_| Error::NotFound("assessment"))?;
    let found = greenhouse::description_there(&site.app, person.organization(), id).await?;
    let status = match error {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::OK,
    };
    let page = DescriptionPage {
        frame: person.frame(site, Section::Assessments),
        title: found.assessment.title.clone(),
        href: format!("/assessments/{id}"),
        action: format!("/assessments/{id}/description"),
        version: found.version.clone(),
        lines: difference(&found),
        there: found.there.as_deref().and_then(CleanHtml::from_source),
        may_change: person.role().administers(),
        published: found.assessment.status == AssessmentStatus::Published,
        error,
    };
    Ok(html::answer(status, &page))
}

/// The text of both, line by line; nothing where they say the same.
fn difference(found: &Description) -> Vec<DiffLine> {
    let here = readable(found.assessment.description_html.as_deref());
    let there = readable(found.there.as_deref());
    if here == there {
        return Vec::new();
    }
    let diff = TextDiff::from_lines(&here, &there);
    diff.iter_all_changes()
        .map(|change| DiffLine {
            side: match change.tag() {
                ChangeTag::Equal => Side::Both,
                ChangeTag::Delete => Side::Here,
                ChangeTag::Insert => Side::There,
            },
            text: change.value().trim().to_owned(),
        })
        .filter(|line| !line.text.is_empty())
        .collect()
}

/// What a person reads of HTML, a paragraph or list item on a line.
fn readable(source: Option<&str>) -> String {
    let clean = source.and_then(clean_html).unwrap_or_default();
    let mut lines = String::new();
    for part in clean.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        let block = [
            "p", "/p", "br", "li", "/li", "h3", "/h3", "h4", "/h4", "ul", "ol",
        ];
        if block.contains(&tag) {
            lines.push('\n');
        }
        lines.push_str(text);
    }
    let signs = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    let plain = signs
        .iter()
        .fold(lines, |text, (from, to)| text.replace(from, to));
    let said = plain.lines().map(str::trim).filter(|line| !line.is_empty());
    said.map(|line| format!("{line}\n")).collect()
}

async fn update(
    site: Data<Site>,
    request: HttpRequest,
    person: Person,
    id: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let form = match form_of_administrator(&site, &request, &person, &body) {
        Ok(form) => form,
        Err(answer) => return *answer,
    };
    let app = site.acting(&request, Some(&person));
    let outcome = match id.parse::<AssessmentId>() {
        Ok(assessment) => {
            let version = form.get("version");
            greenhouse::take_description(&app, person.organization(), assessment, version).await
        }
        Err(_) => Err(Error::NotFound("assessment")),
    };
    let outcome = match outcome {
        Ok(assessment) => Ok(go_to(&format!("/assessments/{}", assessment.id))),
        Err(
            error @ Error::Conflict {
                code: "description_changed",
                ..
            },
        ) => {
            let why = sentence(&error.to_string());
            described(&site, &person, &id, Some(why)).await
        }
        Err(error) => Err(error),
    };
    site.answer(&request, Some(&person), outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_reads_stands_line_by_line() {
        let source = "<h3>Role</h3><p>Build <b>things</b> &amp; ship.<br>Often</p><ul><li>Rust</li><li>1 &lt; 2</li></ul>";
        assert_eq!(
            readable(Some(source)),
            "Role\nBuild things & ship.\nOften\nRust\n1 < 2\n"
        );
        assert_eq!(readable(None), "");
    }

    #[test]
    fn an_address_keeps_what_was_searched_for() {
        assert_eq!(address("", None), "/assessments/import");
        assert_eq!(
            address("R&D x", Some(7)),
            "/assessments/import?q=R%26D+x&before=7"
        );
    }
}
