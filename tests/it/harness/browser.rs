//! A person's browser: finds what is on a page by the words that people read there, and waits for what is yet to come.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::ChromiumLikeCapabilities;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, DesiredCapabilities, Key, WebDriver, WebElement};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long a person waits before saying that what they wait for does not come.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOKS_EVERY: Duration = Duration::from_millis(50);
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A browser with a profile of its own: signed in nowhere, nothing kept.
#[derive(Debug)]
pub(crate) struct Browser {
    // In this order: the session ends before its driver does, and the profile goes last.
    driver: WebDriver,
    _chromedriver: Child,
    _profile: TempDir,
}

impl Browser {
    /// A browser on a desk.
    pub(crate) async fn open() -> Self {
        server::install_tls();
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let (chromedriver, url) = start_chromedriver().await;
        let mut wanted = DesiredCapabilities::chrome();
        let flags = FLAGS.map(str::to_owned);
        let folder = format!("--user-data-dir={}", profile.path().display());
        for flag in flags.into_iter().chain([folder]) {
            wanted.add_arg(&flag).expect("a flag is text");
        }
        wanted
            .set_binary(&program("BATON_TEST_CHROMIUM", "chromium"))
            .expect("a path is text");
        let driver = WebDriver::new(url, wanted).await.expect("Chromium starts");
        let browser = Self {
            driver,
            _chromedriver: chromedriver,
            _profile: profile,
        };
        browser.resize(1280, 900).await;
        browser
    }

    /// A telephone whose browser runs no scripts.
    pub(crate) async fn without_scripts() -> Self {
        let browser = Self::open().await;
        browser
            .tell(
                "Emulation.setScriptExecutionDisabled",
                json!({ "value": true }),
            )
            .await;
        browser.resize(360, 740).await;
        browser
    }

    /// Changes the window, in CSS pixels.
    pub(crate) async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Opens an address; the status of the answer.
    pub(crate) async fn visit(&self, url: &str) -> u64 {
        self.driver
            .goto(url)
            .await
            .unwrap_or_else(|error| panic!("{url} does not open: {error}"));
        let status = "return performance.getEntriesByType('navigation')[0].responseStatus";
        self.run(status).await.as_u64().expect("a status")
    }

    /// Opens the same page again.
    pub(crate) async fn reload(&self) {
        self.driver.refresh().await.expect("the page opens again");
    }

    /// Where it is.
    pub(crate) async fn address(&self) -> String {
        self.driver.current_url().await.expect("an address").into()
    }

    /// Presses a button or follows a link of this name.
    pub(crate) async fn press(&self, name: &str) {
        let named = format!("[normalize-space(.)={}]", quoted(name));
        self.click(
            name,
            &format!("//button{named} | //a{named} | //summary{named}"),
        )
        .await;
    }

    /// Presses the button of this name in the part of the page with this heading, where others have buttons of the same name.
    pub(crate) async fn press_under(&self, heading: &str, name: &str) {
        let part = format!("//section[.//h2[normalize-space(.)={}]]", quoted(heading));
        let button = format!("{part}//button[normalize-space(.)={}]", quoted(name));
        self.click(name, &button).await;
    }

    /// Follows the first link whose address has this in it.
    pub(crate) async fn follow(&self, part: &str) {
        self.click(part, &format!("//a[contains(@href, {})]", quoted(part)))
            .await;
    }

    /// Ticks a box, or picks a choice, by its label.
    pub(crate) async fn pick(&self, label: &str) {
        self.click(
            label,
            &format!("//label[normalize-space(.)={}]", quoted(label)),
        )
        .await;
    }

    /// Writes into the field of this label, over what stood there.
    pub(crate) async fn write(&self, label: &str, text: &str) {
        self.write_into(label, 0, text).await;
    }

    /// Writes into one of several fields of this label: 0 is the first.
    pub(crate) async fn write_into(&self, label: &str, which: usize, text: &str) {
        let field = labelled(label);
        self.act(
            &format!("a field “{label}”"),
            &field,
            which,
            async |field| {
                field.clear().await?;
                field.send_keys(text).await
            },
        )
        .await;
    }

    /// Picks from a drop-down list.
    pub(crate) async fn choose(&self, label: &str, option: &str) {
        let path = format!(
            "{}/option[normalize-space(.)={}]",
            labelled(label),
            quoted(option)
        );
        self.act(
            &format!("“{option}” in “{label}”"),
            &path,
            0,
            async |option| option.click().await,
        )
        .await;
    }

    /// Picks from a drop-down list that only a screen reader hears the name of.
    pub(crate) async fn choose_named(&self, name: &str, option: &str) {
        let path = format!(
            "//select[@aria-label={}]/option[normalize-space(.)={}]",
            quoted(name),
            quoted(option)
        );
        self.click(name, &path).await;
    }

    /// Presses a button of which only a screen reader hears the name.
    pub(crate) async fn operate(&self, name: &str) {
        self.click(name, &format!("//button[@aria-label={}]", quoted(name)))
            .await;
    }

    /// Drags what is called `name` with the mouse onto what stands under the heading `onto`.
    pub(crate) async fn drag(&self, name: &str, onto: &str) {
        let handle = format!(
            "//*[@draggable='true']//a[normalize-space(.)={}]",
            quoted(name)
        );
        let place = format!("//h2[starts-with(normalize-space(.), {})]/..", quoted(onto));
        self.act(
            &format!("“{name}” to be dragged"),
            &handle,
            0,
            async |handle| {
                let place = self.driver.find(By::XPath(place.as_str())).await?;
                let chain = self.driver.action_chain().click_and_hold_element(handle);
                // A drag begins with a movement; one that jumps to its end is none.
                let chain = chain.move_by_offset(8, 8).move_to_element_center(&place);
                chain.move_by_offset(4, 4).release().perform().await
            },
        )
        .await;
    }

    /// Pastes what was copied last into the field of this label.
    pub(crate) async fn paste(&self, label: &str) {
        let field = labelled(label);
        self.act(&format!("a field “{label}”"), &field, 0, async |field| {
            field.clear().await?;
            field.send_keys(Key::Control + "v").await
        })
        .await;
    }

    /// Waits until the page shows this text.
    pub(crate) async fn sees(&self, text: &str) {
        let begun = Instant::now();
        loop {
            let page = self.text().await;
            if page.contains(text) {
                return;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "waited in vain for “{text}” on:\n{page}"
            );
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    }

    /// The page as it reads, white space folded; empty while there is none.
    pub(crate) async fn text(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        let text = self.driver.execute(script, vec![]).await;
        let text = text.map(|text| text.json().as_str().unwrap_or_default().to_owned());
        text.unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Runs a script of the test's own, also where the page may run none.
    pub(crate) async fn run(&self, script: &str) -> Value {
        let ran = self.driver.execute(script, vec![]).await;
        ran.unwrap_or_else(|error| panic!("{script}: {error}"))
            .json()
            .clone()
    }

    /// Holds the page to what every page has to keep: it does not scroll sideways, and what can be operated has a name.
    pub(crate) async fn is_fit(&self, page: &str) {
        // Not `innerWidth`: a telephone zooms out until everything fits.
        let wide = self.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]").await;
        assert!(
            wide[0].as_u64() <= wide[1].as_u64(),
            "{page} scrolls sideways: {wide}"
        );
        let tree = self.tell("Accessibility.getFullAXTree", json!({})).await;
        let nodes = tree["nodes"].as_array().expect("a list");
        assert!(nodes.len() > 1, "{page} shows a screen reader nothing");
        if let Some(nameless) = nodes.iter().find(|node| is_nameless_control(node)) {
            let which = json!({ "backendNodeId": nameless["backendDOMNodeId"] });
            let html = self.tell("DOM.getOuterHTML", which).await;
            panic!("a control on {page} has no name: {html}");
        }
    }

    /// Keeps a picture of the whole page in `tests/artifacts`, where `BATON_TEST_PICTURES` is set.
    pub(crate) async fn picture(&self, name: &str) {
        if std::env::var_os("BATON_TEST_PICTURES").is_none() {
            return;
        }
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("artifacts");
        self.shoot(&folder, name, json!({ "captureBeyondViewport": true }))
            .await;
    }

    async fn shoot(&self, folder: &Path, name: &str, how: Value) {
        std::fs::create_dir_all(folder).expect("a folder for pictures");
        let shot = self.tell("Page.captureScreenshot", how).await;
        let bytes = base64::Engine::decode(
            &base64::engine::general_purpose::STANDARD,
            shot["data"].as_str().expect("a picture"),
        );
        std::fs::write(folder.join(format!("{name}.png")), bytes.expect("base64"))
            .expect("it is kept");
    }

    /// Keeps a picture of the parts of the page that these CSS selectors name in `docs/pictures`, where `BATON_DOCS_PICTURES` is
    /// set; else as [`picture`](Self::picture) does. In the picture an example's address stands for this machine's.
    pub(crate) async fn illustrate(&self, name: &str, parts: &str) {
        if std::env::var_os("BATON_DOCS_PICTURES").is_none() {
            return self.picture(name).await;
        }
        self.resize(960, 800).await;
        let (parts, clip) = (json!(parts), include_str!("illustrate.js"));
        let clip = self.run(&format!("const parts = {parts};\n{clip}")).await;
        let how = json!({ "captureBeyondViewport": true, "clip": clip });
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/pictures");
        self.shoot(&folder, name, how).await;
        self.resize(1280, 900).await;
    }

    /// Ends it.
    pub(crate) async fn close(self) {
        self.driver.quit().await.expect("Chromium ends");
    }

    async fn tell(&self, method: &str, arguments: Value) -> Value {
        let told = self.driver.cdp().send_raw(method, arguments).await;
        told.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    async fn click(&self, name: &str, path: &str) {
        self.act(&format!("“{name}”"), path, 0, async |element| {
            element.click().await
        })
        .await;
    }

    /// Does something to one of the elements that are shown, as soon as it can be done.
    async fn act(
        &self,
        what: &str,
        path: &str,
        which: usize,
        act: impl AsyncFn(&WebElement) -> WebDriverResult<()>,
    ) {
        let begun = Instant::now();
        loop {
            let tried = match self.shown(path, which).await {
                Ok(Some(element)) => act(&element).await.map_err(|error| error.to_string()),
                Ok(None) => Err("it is not on the page".to_owned()),
                Err(error) => Err(error.to_string()),
            };
            let Err(why) = tried else {
                return;
            };
            if begun.elapsed() > PATIENCE {
                let (address, page) = (self.address().await, self.text().await);
                panic!("{what} cannot be used: {why}\n{address}\n{page}");
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    }

    async fn shown(&self, path: &str, which: usize) -> WebDriverResult<Option<WebElement>> {
        let mut shown = Vec::new();
        for element in self.driver.find_all(By::XPath(path)).await? {
            if element.is_displayed().await? {
                shown.push(element);
            }
        }
        let Some(element) = shown.into_iter().nth(which) else {
            return Ok(None);
        };
        // A person scrolls until nothing lies over it.
        let center = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.driver
            .execute(center, vec![element.to_json()?])
            .await?;
        Ok(Some(element))
    }
}

/// Does a screen reader come to it, and is told of no name?
fn is_nameless_control(node: &Value) -> bool {
    let is =
        |property: &Value| property["name"] == "focusable" && property["value"]["value"] == true;
    let properties = node["properties"].as_array();
    let is_control = properties.is_some_and(|all| all.iter().any(is));
    // The page and its main part can be gone to as well, and need no name.
    let is_a_place =
        ["RootWebArea", "main"].contains(&node["role"]["value"].as_str().unwrap_or(""));
    let name = node["name"]["value"].as_str().unwrap_or_default();
    is_control && !is_a_place && name.trim().is_empty()
}

/// A chromedriver, and where it listens.
async fn start_chromedriver() -> (Child, String) {
    for _ in 0..5 {
        // It wants one port in both families, and ends where somebody has taken it in one of them.
        if let Some(started) = try_chromedriver().await {
            return started;
        }
    }
    panic!("chromedriver ends before it is ready");
}

async fn try_chromedriver() -> Option<(Child, String)> {
    let mut child = Command::new(program("BATON_TEST_CHROMEDRIVER", "chromedriver"))
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("chromedriver starts: scripts/test installs it");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    while let Some(line) = lines.next_line().await.expect("chromedriver speaks") {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            let url = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
            // What it says later is of no interest, but has to go somewhere.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Some((child, url));
        }
    }
    None
}

/// The program that an environment variable names, else Debian's.
fn program(variable: &str, name: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| format!("/usr/bin/{name}"))
}

/// The field that a label stands for.
fn labelled(label: &str) -> String {
    format!(
        "//*[@id = //label[normalize-space(.)={}]/@for]",
        quoted(label)
    )
}

fn quoted(text: &str) -> String {
    assert!(!text.contains('"'), "XPath has no way to write {text}");
    format!("\"{text}\"")
}
