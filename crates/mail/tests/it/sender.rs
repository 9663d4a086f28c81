//! The sender against a relay that really speaks SMTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use mail::catcher::{Catcher, Fault};
use mail::{Message, SendError, SmtpSender};
use secrecy::SecretString;

const PATIENCE: Duration = Duration::from_secs(15);

fn catcher() -> Catcher {
    let any = ([127, 0, 0, 1], 0).into();
    Catcher::start(any, any).expect("two free ports")
}

fn sender(url: &str) -> SmtpSender {
    SmtpSender::new(&SecretString::from(url), PATIENCE).expect("a good URL")
}

fn message(number: u32) -> Message {
    Message {
        message_id: format!("<{number}.1.invitation@baton.example>"),
        from_name: "Acme".into(),
        from_address: "invitations@vendor.example".into(),
        to_address: "zoe@candidate.example".into(),
        to_name: "Zoë Ng".into(),
        reply_to: Some("ada@acme.example".into()),
        subject: "Acme invites you: Backend practical".into(),
        text: "Hello Zoë,\n.\n.hidden?\nhttps://baton.example/take/1\n".into(),
        html: "<p>Hello Zoë</p>".into(),
    }
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let catcher = catcher();
    let accepted = sender(&catcher.smtp_url()).send(&message(1)).await.unwrap();
    assert!(accepted.reply.starts_with("250"), "{accepted:?}");
    let mail = catcher.wait_for(|_| true, PATIENCE).await.expect("a mail");
    assert_eq!(mail.message_id, "<1.1.invitation@baton.example>");
    assert_eq!(
        (mail.from_name.as_str(), mail.from.as_str()),
        ("Acme", "invitations@vendor.example")
    );
    assert_eq!(mail.recipients, ["zoe@candidate.example"]);
    assert_eq!(mail.to, mail.recipients);
    assert_eq!(mail.reply_to.as_deref(), Some("ada@acme.example"));
    assert_eq!(mail.subject, "Acme invites you: Backend practical");
    assert_eq!(mail.text, message(1).text);
    assert_eq!(mail.html.as_deref(), Some("<p>Hello Zoë</p>"));
    assert_eq!(mail.link(), Some("https://baton.example/take/1"));
}

#[tokio::test]
async fn mails_keep_their_order_over_a_connection_that_is_used_again() {
    let catcher = catcher();
    let sender = sender(&catcher.smtp_url());
    for number in 1..=5 {
        sender.send(&message(number)).await.unwrap();
    }
    let subjects: Vec<String> = catcher
        .messages()
        .into_iter()
        .map(|it| it.message_id)
        .collect();
    let expected: Vec<String> = (1..=5).map(|it| message(it).message_id).collect();
    assert_eq!(subjects, expected);
}

#[tokio::test]
async fn a_relay_that_asks_to_try_later_is_tried_later() {
    let catcher = catcher();
    let sender = sender(&catcher.smtp_url());
    catcher.fail_next(2, Fault::Temporary);
    for _ in 0..2 {
        let error = sender.send(&message(1)).await.unwrap_err();
        let SendError::Transient {
            reason,
            perhaps_sent,
        } = error
        else {
            panic!("{error}");
        };
        assert_eq!(reason, "451 4.7.1 Try again later");
        assert!(!perhaps_sent);
    }
    sender.send(&message(1)).await.unwrap();
    assert_eq!(catcher.messages().len(), 1);
}

#[tokio::test]
async fn an_unknown_mailbox_is_refused_for_this_mail_alone_and_its_address_is_not_repeated() {
    let catcher = catcher();
    let sender = sender(&catcher.smtp_url());
    catcher.fail_next(1, Fault::Permanent);
    let error = sender.send(&message(1)).await.unwrap_err();
    assert!(matches!(error, SendError::Bounced { .. }), "{error}");
    let told = error.to_string();
    assert!(
        told.contains("550 5.1.1") && told.contains("no such user"),
        "{told}"
    );
    assert!(!told.contains("zoe"), "{told}");
    sender.send(&message(2)).await.unwrap();
    assert_eq!(catcher.messages().len(), 1);
}

#[tokio::test]
async fn a_connection_cut_before_the_answer_leaves_open_whether_the_mail_was_taken() {
    let catcher = catcher();
    let sender = sender(&catcher.smtp_url());
    catcher.fail_next(1, Fault::Cut);
    let error = sender.send(&message(1)).await.unwrap_err();
    assert!(
        matches!(
            error,
            SendError::Transient {
                perhaps_sent: true,
                ..
            }
        ),
        "{error:?}"
    );
    sender.send(&message(1)).await.unwrap();
    let ids: Vec<String> = catcher
        .messages()
        .into_iter()
        .map(|it| it.message_id)
        .collect();
    assert_eq!(ids, [message(1).message_id, message(1).message_id]);
}

#[tokio::test]
async fn a_relay_that_is_down_is_transient_and_taken_up_again_when_it_is_back() {
    let gone = catcher();
    let (smtp, http) = (gone.smtp_address(), gone.http_address());
    let sender = sender(&gone.smtp_url());
    sender.send(&message(1)).await.unwrap();
    drop(gone);
    let error = sender.send(&message(2)).await.unwrap_err();
    assert!(
        matches!(
            error,
            SendError::Transient {
                perhaps_sent: false,
                ..
            }
        ),
        "{error:?}"
    );
    let back = Catcher::start(smtp, http).expect("the same ports");
    sender.send(&message(2)).await.unwrap();
    assert_eq!(back.messages().len(), 1);
}

#[tokio::test]
async fn a_mail_that_breaks_off_in_the_middle_is_not_kept_and_may_be_sent_again() {
    let catcher = catcher();
    let sender = sender(&catcher.smtp_url());
    catcher.fail_next(1, Fault::Interrupted);
    let error = sender.send(&message(1)).await.unwrap_err();
    assert!(
        matches!(
            error,
            SendError::Transient {
                perhaps_sent: true,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(catcher.messages().is_empty());
    sender.send(&message(1)).await.unwrap();
    assert_eq!(catcher.messages().len(), 1);
}

#[tokio::test]
async fn a_catcher_lets_chance_decide_and_hands_its_mails_over_once() {
    let catcher = catcher();
    let sender = sender(&catcher.smtp_url());
    let mut faults = [
        Some(Fault::Temporary),
        Some(Fault::Slow { milliseconds: 1 }),
    ]
    .into_iter();
    catcher.fail_by_chance(move || faults.next().flatten());
    sender.send(&message(1)).await.unwrap_err();
    sender.send(&message(1)).await.unwrap();
    let taken = catcher.take();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].fault, Some(Fault::Slow { milliseconds: 1 }));
    assert!(catcher.take().is_empty());
}

#[tokio::test]
async fn a_relay_that_says_nothing_costs_no_more_than_the_time_out() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = SecretString::from(format!("smtp://{}", silent.local_addr().unwrap()));
    let sender = SmtpSender::new(&url, Duration::from_millis(200)).unwrap();
    let error = sender.send(&message(1)).await.unwrap_err();
    assert!(
        matches!(
            error,
            SendError::Transient {
                perhaps_sent: false,
                ..
            }
        ),
        "{error:?}"
    );
}

/// Speaks just enough SMTP. The first connection's mail is taken and never answered.
fn converse(mut stream: TcpStream, answers_content: bool) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines();
    stream.write_all(b"220 relay\r\n")?;
    let mut in_content = false;
    for line in lines {
        let answer: &[u8] = match (in_content, line?.as_str()) {
            (false, "DATA") => b"354 go on\r\n",
            (true, ".") if answers_content => b"250 taken\r\n",
            (true, _) => b"",
            (false, _) => b"250 ok\r\n",
        };
        in_content = answer.starts_with(b"354") || (in_content && answer.is_empty());
        stream.write_all(answer)?;
    }
    Ok(())
}

#[tokio::test]
async fn an_answer_that_came_too_late_is_never_taken_for_the_next_mails_answer() {
    let relay = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = SecretString::from(format!("smtp://{}", relay.local_addr().unwrap()));
    std::thread::spawn(move || {
        for (index, stream) in relay.incoming().enumerate() {
            std::thread::spawn(move || converse(stream.unwrap(), index > 0));
        }
    });
    let hasty = SmtpSender::new(&url, Duration::from_millis(500)).unwrap();
    let error = hasty.send(&message(1)).await.unwrap_err();
    assert!(
        matches!(
            error,
            SendError::Transient {
                perhaps_sent: true,
                ..
            }
        ),
        "{error:?}"
    );
    // Only a connection of its own is answered.
    assert_eq!(hasty.send(&message(2)).await.unwrap().reply, "250 taken");
}

#[tokio::test]
async fn a_relay_without_a_certificate_we_trust_gets_nothing() {
    let catcher = catcher();
    let url = format!("smtps://user:hunter2@{}", catcher.smtp_address());
    let error = sender(&url).send(&message(1)).await.unwrap_err();
    assert!(
        matches!(error, SendError::Misconfigured { .. }),
        "{error:?}"
    );
    assert!(catcher.messages().is_empty());
}

#[tokio::test]
async fn a_relay_that_offers_no_sign_in_is_a_fault_of_the_settings() {
    let catcher = catcher();
    let url = format!("smtp://user:hunter2@{}", catcher.smtp_address());
    let error = sender(&url).send(&message(1)).await.unwrap_err();
    assert!(
        matches!(error, SendError::Misconfigured { .. }),
        "{error:?}"
    );
    assert!(!format!("{error:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_message_that_cannot_be_built_never_reaches_the_relay() {
    let relay = TcpListener::bind("127.0.0.1:0").unwrap();
    relay.set_nonblocking(true).unwrap();
    let sender = sender(&format!("smtp://{}", relay.local_addr().unwrap()));
    let broken = Message {
        to_address: "\"a b\"@x.example".into(),
        ..message(1)
    };
    let error = sender.send(&broken).await.unwrap_err();
    assert!(matches!(error, SendError::Rejected { .. }), "{error:?}");
    let untouched = relay.accept().expect_err("no connection");
    assert_eq!(untouched.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_sender_may_be_made_and_dropped_outside_a_runtime() {
    let catcher = catcher();
    let sender = sender(&catcher.smtp_url());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(sender.send(&message(1))).unwrap();
    drop(runtime);
    drop(sender);
}

#[test]
fn a_catcher_that_is_dropped_gives_its_ports_back() {
    let gone = catcher();
    let (smtp, http) = (gone.smtp_address(), gone.http_address());
    let mut open = TcpStream::connect(smtp).unwrap();
    drop(gone);
    let mut rest = Vec::new();
    // The greeting may have come; then the conversation ends.
    let _ = open.read_to_end(&mut rest);
    drop(Catcher::start(smtp, http).expect("both ports are free again"));
}
