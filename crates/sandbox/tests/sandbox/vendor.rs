//! A tiny vendor. Honest by itself; a test can put any answer into its mouth.

use std::collections::{HashMap, HashSet};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine as _;
use serde_json::{Value, json};

pub(crate) const KEY: &str = "gh_0123456789abcdef0123456789abcdef";
pub(crate) const RESULT: &str = "https://vendor.example/results/1";

/// A call as the vendor got it.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) call: String,
    pub(crate) query: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) user: Option<String>,
    pub(crate) body: Value,
    pub(crate) text: String,
}

#[derive(Debug, Default)]
struct State {
    keys: HashSet<String>,
    mouth: HashMap<String, (u16, String)>,
    received: Vec<Received>,
    by_url: HashMap<String, String>,
    done: HashMap<String, Value>,
    forgetful: bool,
    together: Option<Arc<tokio::sync::Barrier>>,
}

pub(crate) struct Vendor {
    pub(crate) base: String,
    state: Arc<Mutex<State>>,
    handle: ServerHandle,
}

impl Vendor {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/api/greenhouse/", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        state.lock().unwrap().keys.insert(KEY.to_owned());
        let shared = web::Data::from(state.clone());
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    App::new()
                        .app_data(shared.clone())
                        .route("/api/greenhouse/{call}", web::route().to(answer))
                })
                .workers(1)
                .disable_signals()
                .listen(listener)
                .unwrap()
                .run();
                tell.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let handle = told.recv().unwrap();
        Self {
            base,
            state,
            handle,
        }
    }

    /// From now on this call is answered so.
    pub(crate) fn say(&self, call: &str, status: u16, body: &str) {
        let answer = (status, body.to_owned());
        self.state
            .lock()
            .unwrap()
            .mouth
            .insert(call.to_owned(), answer);
    }

    /// Honest again.
    pub(crate) fn be_honest(&self) {
        self.state.lock().unwrap().mouth.clear();
    }

    /// Makes a new id for each POST.
    pub(crate) fn forget_asks(&self) {
        self.state.lock().unwrap().forgetful = true;
    }

    /// `send_test` answers only once so many are there at the same time.
    pub(crate) fn wait_for_company(&self, count: usize) {
        self.state.lock().unwrap().together = Some(Arc::new(tokio::sync::Barrier::new(count)));
    }

    pub(crate) fn accept_keys(&self, keys: &[&str]) {
        let keys = keys.iter().map(|key| (*key).to_owned());
        self.state.lock().unwrap().keys = keys.collect();
    }

    /// The candidate is done: from now on the status is this.
    pub(crate) fn finish(&self, interview_id: &str, score: f64) {
        let status = json!({
            "partner_status": "complete",
            "partner_profile_url": RESULT,
            "partner_score": score,
            "metadata": {"Recommendation": "Advance"},
        });
        self.state
            .lock()
            .unwrap()
            .done
            .insert(interview_id.to_owned(), status);
    }

    pub(crate) fn received(&self, call: &str) -> Vec<Received> {
        let state = self.state.lock().unwrap();
        let calls = state
            .received
            .iter()
            .filter(|received| received.call == call);
        calls.cloned().collect()
    }
}

impl Drop for Vendor {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn answer(
    state: web::Data<Mutex<State>>,
    call: web::Path<String>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let received = receive(&call, &request, &body);
    let together = {
        let mut state = state.lock().unwrap();
        state.received.push(received.clone());
        state.together.clone().filter(|_| *call == "send_test")
    };
    if let Some(together) = together {
        together.wait().await;
    }
    let mut state = state.lock().unwrap();
    let (status, body) = match state.mouth.get(&*call) {
        Some((status, body)) => (*status, body.clone()),
        None => {
            let (status, body) = honest(&mut state, &received);
            (status, body.to_string())
        }
    };
    let mut answer = HttpResponse::build(StatusCode::from_u16(status).unwrap());
    if status == 401 {
        answer.insert_header(("WWW-Authenticate", "Basic realm=\"vendor\""));
    }
    answer.content_type("application/json").body(body)
}

fn receive(call: &str, request: &HttpRequest, body: &[u8]) -> Received {
    let headers = request.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.to_string(), value)
    });
    let headers: HashMap<_, _> = headers.collect();
    let user = headers
        .get("authorization")
        .and_then(|header| user_of(header));
    Received {
        call: call.to_owned(),
        query: request.query_string().to_owned(),
        headers,
        user,
        body: serde_json::from_slice(body).unwrap_or_default(),
        text: String::from_utf8_lossy(body).into_owned(),
    }
}

fn user_of(header: &str) -> Option<String> {
    let (scheme, token) = header.split_once(' ')?;
    let pair = base64::engine::general_purpose::STANDARD
        .decode(token)
        .ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (user, _) = pair.split_once(':')?;
    scheme
        .eq_ignore_ascii_case("basic")
        .then(|| user.to_owned())
}

fn honest(state: &mut State, received: &Received) -> (u16, Value) {
    let known = received
        .user
        .as_ref()
        .is_some_and(|user| state.keys.contains(user));
    if !known {
        return (401, json!({"error": "unauthorized"}));
    }
    match received.call.as_str() {
        "list_tests" => (
            200,
            json!([
                {"partner_test_id": "7", "partner_test_name": "Backend practical"},
                {"partner_test_id": "tst_b", "partner_test_name": "Support interview"},
            ]),
        ),
        "send_test" => take(state, received),
        "test_status" => status(state, &received.query),
        "response_errors" => (200, json!({"status": 200})),
        _ => (404, json!({"error": "not_found"})),
    }
}

fn take(state: &mut State, received: &Received) -> (u16, Value) {
    let body = &received.body;
    if !body["candidate"]["email"].is_string() {
        return (422, json!({"error": "malformed"}));
    }
    let test = &body["partner_test_id"];
    if ![json!("7"), json!(7), json!("tst_b")].contains(test) {
        return (404, json!({"error": "not_found"}));
    }
    let url = body["url"].as_str().or(body["candidate"]["url"].as_str());
    let key = url.unwrap_or(&received.text).to_owned();
    let next = format!("inv {}/{}", state.received.len(), state.by_url.len());
    let id = match state.by_url.get(&key).filter(|_| !state.forgetful) {
        Some(id) => id.clone(),
        None => next,
    };
    state.by_url.insert(key, id.clone());
    (200, json!({"partner_interview_id": id}))
}

fn status(state: &State, query: &str) -> (u16, Value) {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let Some((_, id)) = pairs.find(|(name, _)| name == "partner_interview_id") else {
        return (400, json!({"error": "malformed"}));
    };
    if let Some(done) = state.done.get(&*id) {
        return (200, done.clone());
    }
    if state.by_url.values().any(|known| *known == id) {
        return (200, json!({"partner_status": "sent"}));
    }
    (404, json!({"error": "not_found"}))
}
