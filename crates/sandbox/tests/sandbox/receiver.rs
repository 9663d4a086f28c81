//! Where webhooks are sent: keeps what it gets, answers as it is told.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::Value;

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) body: Vec<u8>,
    pub(crate) signature: Option<String>,
    pub(crate) event_id: Option<String>,
}

#[derive(Debug, Default)]
struct State {
    received: Vec<Value>,
    agents: Vec<String>,
    deliveries: Vec<Received>,
    /// Statuses of the next answers; 200 afterwards.
    statuses: Vec<u16>,
}

pub(crate) struct Receiver {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
    handle: ServerHandle,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = web::Data::from(state.clone());
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    App::new()
                        .app_data(shared.clone())
                        .default_service(web::to(receive))
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
        Self { url, state, handle }
    }

    pub(crate) fn answer_next(&self, statuses: &[u16]) {
        self.state.lock().unwrap().statuses = statuses.to_vec();
    }

    pub(crate) fn received(&self) -> Vec<Value> {
        self.state.lock().unwrap().received.clone()
    }

    /// What came, byte by byte, with the headers that Greenhouse sends.
    pub(crate) fn deliveries(&self) -> Vec<Received> {
        self.state.lock().unwrap().deliveries.clone()
    }

    pub(crate) fn agents(&self) -> Vec<String> {
        self.state.lock().unwrap().agents.clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn receive(
    state: web::Data<Mutex<State>>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let mut state = state.lock().unwrap();
    state.received.push(serde_json::from_slice(&body).unwrap());
    let header = |name: &str| {
        let value = request.headers().get(name);
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    state.deliveries.push(Received {
        body: body.to_vec(),
        signature: header("signature"),
        event_id: header("greenhouse-event-id"),
    });
    let agent = request.headers().get("user-agent").unwrap();
    state.agents.push(agent.to_str().unwrap().to_owned());
    let status = if state.statuses.is_empty() {
        200
    } else {
        state.statuses.remove(0)
    };
    HttpResponse::build(StatusCode::from_u16(status).unwrap()).finish()
}
