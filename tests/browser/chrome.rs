//! A browser as a person uses it: by the words on the page.
//!
//! Chromium, headless and with a fresh profile, driven by a ChromeDriver of its own. What cannot be done fails the test
//! with the words that were looked for and the page that was open; nothing is skipped.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use thirtyfour::ChromeCapabilities;
use thirtyfour::prelude::*;
use thirtyfour::support::base64_decode;

/// How wide the window is, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// The narrowest that WCAG 2.2 (1.4.10) asks for.
    Narrow = 320,
    /// A common phone.
    Phone = 360,
    /// An office screen.
    Desk = 1280,
}

/// One browser window. Dropping it closes Chromium, then ChromeDriver, then removes the profile.
pub struct Browser {
    /// For what the methods here do not offer: keys, cookies, `back()`.
    pub driver: WebDriver,
    width: Width,
    chromedriver: ChromeDriver,
    profile: TempDir,
}

impl Browser {
    /// Opens an empty window with a fresh profile.
    pub async fn open(width: Width) -> Self {
        let profile = TempDir::new().expect("a folder for the browser's profile");
        let chromedriver = ChromeDriver::start();
        let driver = WebDriver::new(chromedriver.address(), capabilities(profile.path()))
            .await
            .expect("ChromeDriver opens Chromium");
        // thirtyfour would close the session itself when dropped, and waits two minutes for a connection that our
        // stopped runtime no longer serves. ChromeDriver's shutdown closes the window instead.
        driver
            .clone()
            .leak()
            .expect("a new session has not been closed");
        let browser = Self {
            driver,
            width,
            chromedriver,
            profile,
        };
        browser.fit().await;
        browser
    }

    /// The same window in another width.
    pub async fn resize(&mut self, width: Width) {
        self.width = width;
        self.fit().await;
    }

    async fn fit(&self) {
        let (height, mobile) = if self.width == Width::Desk {
            (900, false)
        } else {
            (640, true)
        };
        let metrics = json!({ "width": self.width as u32, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    /// Forbids the pages their scripts, as an old or strict browser does.
    pub async fn without_scripts(&self) {
        self.devtools(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": true }),
        )
        .await;
    }

    /// Opens an address and waits for the page.
    pub async fn goto(&self, url: &str) {
        let opened = self.driver.goto(url).await;
        self.done(opened, &format!("open {url}")).await;
    }

    /// Types into the field with this label, in place of what was there.
    pub async fn fill(&self, label: &str, value: &str) {
        let find = async || self.element(FIELD, label).await;
        let typing = async |field: WebElement| {
            field.clear().await?;
            field.send_keys(value).await
        };
        self.with(find, typing, &format!("fill '{label}'")).await;
    }

    /// Clicks the label of a radio button or a checkbox.
    pub async fn choose(&self, label: &str) {
        let find = async || self.element(LABEL, label).await;
        let clicking = async |element: WebElement| element.click().await;
        self.with(find, clicking, &format!("choose '{label}'"))
            .await;
    }

    /// Presses the button with these words, and waits for the page it leads to.
    pub async fn press(&self, button: &str) {
        let find = async || self.element(BUTTON, button).await;
        self.leave_by(find, &format!("press '{button}'")).await;
    }

    /// Follows the link with these words, and waits for the page it leads to.
    pub async fn follow(&self, link: &str) {
        let find = async || self.element(LINK, link).await;
        self.leave_by(find, &format!("follow '{link}'")).await;
    }

    /// The page's main heading.
    pub async fn heading(&self) -> String {
        self.read("return document.querySelector('h1')?.innerText ?? ''")
            .await
    }

    /// All text that can be seen on the page.
    pub async fn text(&self) -> String {
        self.read("return document.body.innerText").await
    }

    /// What axe-core finds against WCAG 2.2, levels A and AA: `rule: what to do: the elements at fault`.
    pub async fn axe(&self) -> Vec<String> {
        let source =
            std::fs::read_to_string(AXE_SOURCE).expect("axe-core is there after `make ui`");
        let loaded = self.driver.execute(source, vec![]).await;
        self.done(loaded, "load axe-core").await;
        let found = self.driver.execute_async(AXE, vec![]).await;
        self.done(found, "run axe-core")
            .await
            .convert()
            .expect("a list of texts")
    }

    /// Fails when the page is wider than the window, and names the elements that stick out.
    pub async fn no_sideways_scroll(&self) {
        let wide: String = self.read(STICKING_OUT).await;
        assert!(
            wide.is_empty(),
            "{} scrolls sideways at {} px: {wide}",
            self.place().await,
            self.width as u32
        );
    }

    /// Keeps a picture of the whole page as `target/gallery/NAME-WIDTH.png`, and returns its path.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let page = self.devtools("Page.getLayoutMetrics", json!({})).await;
        let whole = json!({
            "x": 0, "y": 0, "scale": 1,
            "width": page["cssContentSize"]["width"], "height": page["cssContentSize"]["height"],
        });
        let shot = json!({ "captureBeyondViewport": true, "clip": whole });
        let shot = self.devtools("Page.captureScreenshot", shot).await;
        let gallery = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("gallery");
        std::fs::create_dir_all(&gallery).expect("a folder for the gallery");
        let path = gallery.join(format!("{name}-{}.png", self.width as u32));
        let picture =
            base64_decode(shot["data"].as_str().unwrap_or_default()).expect("a picture in base64");
        std::fs::write(&path, picture).expect("the gallery takes a picture");
        path
    }

    /// Closes the window and returns the profile, so that a test can read what the browser remembers.
    pub fn close(self) -> TempDir {
        drop(self.chromedriver);
        self.profile
    }

    pub async fn devtools(&self, method: &str, parameters: Value) -> Value {
        let answer = self.driver.cdp().send_raw(method, parameters).await;
        self.done(answer, method).await
    }

    /// Clicks and waits until another page has taken this one's place: ChromeDriver waits only for pages that begin at once.
    pub async fn leave_by(&self, find: impl AsyncFn() -> WebElement, what: &str) {
        let marked = self
            .driver
            .execute("window.beforeTheClick = true", vec![])
            .await;
        self.done(marked, "mark the page").await;
        let clicking = async |element: WebElement| element.click().await;
        self.with(find, clicking, what).await;
        for _ in 0..200 {
            let here = self.driver.execute(ARRIVED, vec![]).await;
            if here.is_ok_and(|here| here.json() == &json!(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no other page came after {what} on {}", self.place().await);
    }

    /// Does something to an element, found anew where the page has brought itself up to date meanwhile.
    async fn with(
        &self,
        find: impl AsyncFn() -> WebElement,
        doing: impl AsyncFn(WebElement) -> WebDriverResult<()>,
        what: &str,
    ) {
        for _ in 0..5 {
            let done = doing(find().await).await;
            let gone = done
                .as_ref()
                .is_err_and(|error| error.to_string().contains("stale"));
            if !gone {
                return self.done(done, what).await;
            }
        }
        panic!(
            "the page does not hold still to {what} on {}",
            self.place().await
        );
    }

    /// The one element that `script` finds by its words; a page that says them twice is ambiguous for a person, too.
    async fn element(&self, script: &str, words: &str) -> WebElement {
        let found = self
            .driver
            .execute(format!("{FIND}{script}"), vec![json!(words)])
            .await;
        let mut found = self
            .done(found, "look at the page")
            .await
            .elements()
            .expect("a list of elements");
        let place = self.place().await;
        assert_eq!(
            found.len(),
            1,
            "'{words}' is there {} times on {place}",
            found.len()
        );
        found.remove(0)
    }

    async fn read(&self, script: &str) -> String {
        let answer = self.driver.execute(script, vec![]).await;
        self.done(answer, "read the page")
            .await
            .convert()
            .expect("the page answers with text")
    }

    async fn done<T>(&self, result: WebDriverResult<T>, what: &str) -> T {
        match result {
            Ok(value) => value,
            Err(error) => panic!("could not {what} on {}: {error}", self.place().await),
        }
    }

    /// Where the browser is, for messages.
    async fn place(&self) -> String {
        let url = self
            .driver
            .current_url()
            .await
            .map(String::from)
            .unwrap_or_default();
        let title = self.driver.title().await.unwrap_or_default();
        format!("{url} ('{title}')")
    }
}

/// Whether this is another page than the one marked, and all of it is there.
const ARRIVED: &str = "return !window.beforeTheClick && document.readyState === 'complete'";

/// A ChromeDriver on a port of its own choice; killed when dropped.
struct ChromeDriver {
    process: Child,
    port: u16,
}

impl ChromeDriver {
    /// The port is free for IPv4 when it is chosen, and may be taken for IPv6 by another browser of these tests: ChromeDriver
    /// then says so and ends, and is started again.
    fn start() -> Self {
        let mut said = String::new();
        for _ in 0..5 {
            match Self::started() {
                Ok(driver) => return driver,
                Err(last_words) => said = last_words,
            }
        }
        panic!("ChromeDriver does not start: {said}");
    }

    /// One that says its port, or what it said instead.
    fn started() -> Result<Self, String> {
        let mut process = Command::new(program("chromedriver"))
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let output = BufReader::new(process.stdout.take().expect("stdout is piped"));
        let mut said = String::new();
        for line in output.lines().map_while(Result::ok) {
            if let Some(port) = port_in(&line) {
                return Ok(Self { process, port });
            }
            said.push_str(&line);
            said.push('\n');
        }
        // It has ended by itself; this only takes it off the list of processes.
        process.wait().expect("chromedriver has ended");
        Err(said)
    }

    fn shut_down(&self) -> std::io::Result<()> {
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        connection.set_read_timeout(Some(Duration::from_secs(10)))?;
        let host = "Host: 127.0.0.1\r\nConnection: close";
        write!(connection, "GET /shutdown HTTP/1.1\r\n{host}\r\n\r\n")?;
        // The answer comes when the windows are closed.
        connection.read_to_string(&mut String::new())?;
        Ok(())
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// "ChromeDriver was started successfully on port 45678."
fn port_in(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

impl Drop for ChromeDriver {
    /// Asked to shut down, it closes its windows first; killed at once, it would leave them behind.
    fn drop(&mut self) {
        // A failure has nobody to go to: the kill below is what happens then.
        let _ = self.shut_down();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Finds a program on the PATH. Browser journeys are required, so a missing browser fails rather than skips.
#[expect(
    clippy::disallowed_methods,
    reason = "PATH is the machine's, not a setting of ours"
)]
fn program(name: &str) -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!(
            "{name} is missing: as root run `make needs`, or install the Debian packages {PACKAGES}"
        )
    })
}

const PACKAGES: &str = "chromium, chromium-driver and fonts-liberation";

fn capabilities(profile: &Path) -> ChromeCapabilities {
    let mut chrome = DesiredCapabilities::chrome();
    let program = program("chromium");
    let flags = FLAGS
        .iter()
        .map(ToString::to_string)
        .chain([format!("--user-data-dir={}", profile.display())]);
    let set = chrome
        .set_binary(&program.to_string_lossy())
        .and_then(|()| flags.into_iter().try_for_each(|flag| chrome.add_arg(&flag)));
    set.expect("ChromeDriver takes plain flags");
    chrome
}

/// A fresh, quiet Chromium that talks to nobody but our page; without a sandbox, which root may not have.
const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

// --- read in the page ---

/// Elements that say exactly these words, as a person sees them.
const FIND: &str = r"
    const spoken = (e) => (e.innerText || e.value || '').replace(/\s+/g, ' ').trim();
    const saying = (what) => [...document.querySelectorAll(what)]
        .filter((e) => spoken(e) === arguments[0] && e.checkVisibility());
";
const LABEL: &str = "return saying('label')";
const FIELD: &str = "return saying('label').map((label) => label.control).filter(Boolean)";
const BUTTON: &str = "return saying('button, input[type=submit], [role=button]')";
const LINK: &str = "return saying('a[href]')";

const STICKING_OUT: &str = r"
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return '';
    const wide = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > width);
    return wide.slice(0, 3).map((e) => e.cloneNode(false).outerHTML).join(' ') || 'the page itself';
";

const AXE_SOURCE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/src/web/ui/node_modules/axe-core/axe.min.js"
);
const AXE: &str = r"
    const done = arguments[arguments.length - 1];
    const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
    axe.run(document, { runOnly: levels, resultTypes: ['violations'] }).then(({ violations }) => done(violations.map(
        ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)));
";
