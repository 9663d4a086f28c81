use actix_web::http::{Method, StatusCode};
use actix_web::test::{self, TestRequest};

use super::*;

const MAIL: &[u8] = b"Message-ID: <1@baton.example>\r\nFrom: Acme <invitations@vendor.example>\r\n\
To: zoe@candidate.example\r\nSubject: <b>Come</b>\r\nMIME-Version: 1.0\r\n\
Content-Type: text/html; charset=utf-8\r\n\r\n\
<p onclick=\"alert('x')\">Go</p><script>alert(1)</script><a href=\"https://x.example/take/1\">here</a>\r\n";

async fn ask(inbox: &Arc<Inbox>, request: TestRequest) -> (StatusCode, String) {
    let data = Data::from(Arc::clone(inbox));
    let app = App::new().app_data(data).wrap(headers()).configure(routes);
    let app = test::init_service(app).await;
    let response = test::call_service(&app, request.to_request()).await;
    assert!(response.headers().contains_key("content-security-policy"));
    assert!(!response.headers().contains_key("set-cookie"));
    let status = response.status();
    let body = test::read_body(response).await;
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn inbox() -> Arc<Inbox> {
    let inbox = Arc::new(Inbox::default());
    inbox.take_in(vec!["zoe@candidate.example".into()], MAIL, None);
    inbox
}

#[actix_web::test]
async fn the_list_leads_to_each_mail_and_the_mail_to_its_link() {
    let inbox = inbox();
    let (status, list) = ask(&inbox, TestRequest::get().uri("/")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        list.contains("<a href=\"/mails/1\">&#60;b&#62;Come&#60;/b&#62;</a>"),
        "{list}"
    );
    let (_, mail) = ask(&inbox, TestRequest::get().uri("/mails/1")).await;
    let link = "<a href=\"https://x.example/take/1\">https://x.example/take/1</a>";
    assert!(mail.contains(link), "{mail}");
    let (status, _) = ask(&inbox, TestRequest::get().uri("/mails/2")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn what_a_mail_holds_stays_inside_a_frame_that_runs_nothing() {
    let (_, mail) = ask(&inbox(), TestRequest::get().uri("/mails/1")).await;
    assert!(!mail.contains("<script"), "{mail}");
    assert!(mail.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""));
}

#[actix_web::test]
async fn the_api_lists_forgets_and_takes_faults() {
    let inbox = inbox();
    let (_, json) = ask(&inbox, TestRequest::get().uri("/api/messages")).await;
    let mails: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(mails[0]["message_id"], "<1@baton.example>");
    assert_eq!(mails[0]["links"][0], "https://x.example/take/1");
    let clear = TestRequest::default()
        .method(Method::DELETE)
        .uri("/api/messages");
    assert_eq!(ask(&inbox, clear).await.0, StatusCode::NO_CONTENT);
    assert!(inbox.messages().is_empty());
    let wanted = serde_json::json!({"fault": "cut", "deliveries": 1});
    let fail = TestRequest::post().uri("/api/faults").set_json(wanted);
    assert_eq!(ask(&inbox, fail).await.0, StatusCode::NO_CONTENT);
    assert_eq!(inbox.next_fault(), Some(Fault::Cut));
    assert_eq!(inbox.next_fault(), None);
}
