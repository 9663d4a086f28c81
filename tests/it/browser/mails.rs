//! A mail that came back, as the recruiter sees it and mends it.

use mail::catcher::Fault;

use super::owner;
use crate::harness::{TestApp, ask, eventually, external};

test_support::each_database! {
    async fn a_returned_mail_is_seen_in_the_list_and_sent_again_from_its_page(database: Database) {
        let app = TestApp::start(database).await;
        let test = app.publish(external("Backend practical")).await;
        app.mail.fail_next(1, Fault::Permanent);
        let interview = app.send(ask(&test, "zoe@candidate.example", "http://127.0.0.1:9/1")).await;
        app.told(&interview, "mail.bounced", "invitation").await;

        let owner = owner(&app).await;
        owner.visit(&format!("{}/candidates", app.url)).await;
        owner.sees("The mail came back").await;
        owner.picture("candidates-mail-came-back").await;
        owner.visit(&format!("{}/invites/{interview}", app.url)).await;
        owner.sees("no such user").await;
        owner.sees("correct it in Greenhouse").await;
        owner.sees("Mail came back").await;
        owner.picture("invite-mail-came-back").await;
        owner.resize(320, 640).await;
        owner.is_fit("an invite whose mail came back").await;
        owner.resize(1280, 900).await;
        owner.press("Send again").await;
        eventually("the mail is there", async || (app.mail.messages().len() == 1).then_some(())).await;
        app.told(&interview, "mail.sent", "resend-1").await;
        owner.reload().await;
        owner.sees("Taken by the mail server.").await;
        owner.picture("invite-mail-sent-again").await;
        owner.close().await;
        app.stop().await;
    }
}
