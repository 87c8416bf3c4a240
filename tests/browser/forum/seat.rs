//! Somebody at a meeting, in a browser of their own: what they press and follow, and what their page comes to show by itself.

use std::time::{Duration, Instant};

use clares_law::engine::definition::record::Record;
use serde_json::json;
use thirtyfour::prelude::*;

use crate::chrome::{Browser, Width};
use crate::journeys::fill;
use crate::service::Service;

/// What everybody in the room accepts.
pub const STATEMENT: &str = "I accept that what is said and shown here stays in the room, and is used only to keep people safe";

/// Within so long everybody sees what another did: two seconds, and a page to bring on a busy machine.
const SEEN_WITHIN: Duration = Duration::from_secs(3);

/// The buttons or links that begin with these words and are about this; folded parts are opened on the way.
const ABOUT: &str = r"
    const [what, begins, about] = arguments;
    const spoken = (e) => (e.textContent || '').replace(/\s+/g, ' ').trim();
    const found = [...document.querySelectorAll(what)]
        .filter((e) => spoken(e).startsWith(begins) && spoken(e).includes(about));
    found.forEach((e) => { for (let at = e.closest('details'); at; at = at.parentElement.closest('details')) at.open = true });
    return found;
";

pub struct Seat {
    pub browser: Browser,
    address: String,
}

impl Seat {
    /// Signs in in a new browser.
    pub async fn taken(service: &Service, name: &str, width: Width) -> Self {
        let seat = Self {
            browser: Browser::open(width).await,
            address: service.address.clone(),
        };
        seat.sign_in(name).await;
        seat
    }

    pub async fn sign_in(&self, name: &str) {
        let address = format!("{}/staff/sign-in", self.address);
        self.browser.goto(&address).await;
        self.browser.fill("Name", name).await;
        self.browser.fill("Password", "demonstration").await;
        self.browser.press("Sign in").await;
    }

    /// Presses the one button that begins with these words and is about this.
    pub async fn press_about(&self, begins: &str, about: &str) {
        self.leave("button", begins, about).await;
    }

    /// Follows the one link that begins with these words and is about this.
    pub async fn follow_about(&self, begins: &str, about: &str) {
        self.leave("a[href]", begins, about).await;
    }

    async fn leave(&self, what: &str, begins: &str, about: &str) {
        let find = async || {
            let asked = vec![json!(what), json!(begins), json!(about)];
            let found = self.browser.driver.execute(ABOUT, asked).await.unwrap();
            let mut found = found.elements().unwrap();
            let page = self.browser.text().await;
            assert_eq!(found.len(), 1, "'{begins}' about '{about}' on:\n{page}");
            found.remove(0)
        };
        let what = format!("leave by '{begins}' about '{about}'");
        self.browser.leave_by(find, &what).await;
    }

    /// The list of meetings, by the menu, which a phone folds away.
    pub async fn to_meetings(&self) {
        let toggle = By::Css(".govuk-service-navigation__toggle");
        let toggle = self.browser.driver.find(toggle).await.unwrap();
        if toggle.is_displayed().await.unwrap() {
            toggle.click().await.unwrap();
        }
        self.leave("header a[href]", "Meetings", "").await;
    }

    /// The meeting of that day, by way of the list.
    pub async fn enter(&self, day: &str) {
        self.to_meetings().await;
        self.follow_about("", day).await;
    }

    /// Says that they are here, and accepts what everybody accepts.
    pub async fn arrive(&self) {
        self.browser.choose(STATEMENT).await;
        self.browser.press("I am here").await;
    }

    /// Fills in the form of the page as in its examples, but for these answers.
    pub async fn fill(&self, record: &Record, but: serde_json::Value) {
        let mut answers = record.examples();
        for (name, value) in but.as_object().unwrap().clone() {
            if value.is_null() {
                answers.remove(&name);
            } else {
                answers.insert(name, value);
            }
        }
        fill(&self.browser, record, &answers).await;
    }

    /// Gives a reason, checks what the page will record, and confirms it.
    pub async fn records(&self, because: &str) {
        let reason = By::Css("textarea[name='form-reason']");
        let reason = self.browser.driver.find(reason).await.unwrap();
        reason.send_keys(because).await.unwrap();
        self.browser.press("Check your answers").await;
        self.browser.press("Confirm and record").await;
    }

    /// What stands in the field with this id.
    pub async fn typed(&self, id: &str) -> String {
        let value = self.field(id).await.prop("value").await;
        value.unwrap().unwrap()
    }

    async fn field(&self, id: &str) -> WebElement {
        self.browser.driver.find(By::Id(id)).await.unwrap()
    }

    /// Presses the button of a form until the page says why it was not sent: twice at once is once.
    pub async fn press_in_vain(&self, form: &str, why: &str) {
        for _ in 0..40 {
            let button = By::Css(format!("#{form} button"));
            let button = self.browser.driver.find(button).await.unwrap();
            button.click().await.unwrap();
            tokio::time::sleep(Duration::from_millis(250)).await;
            if self.browser.text().await.contains(why) {
                return;
            }
        }
        panic!("nothing of '{why}'");
    }

    /// Waits until the page says this, without anything being done to it.
    #[expect(clippy::disallowed_methods, reason = "a stopwatch beside the clock")]
    pub async fn sees(&self, words: &str) {
        let begun = Instant::now();
        loop {
            let text = self.browser.text().await;
            if text.contains(words) {
                break;
            }
            let waited = begun.elapsed() < 3 * SEEN_WITHIN;
            assert!(waited, "nothing of '{words}' on:\n{text}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let took = begun.elapsed();
        assert!(took < SEEN_WITHIN, "'{words}' came after {took:?}");
    }

    /// Nothing of these words is in the page, its title or its source.
    pub async fn knows_nothing_of(&self, words: &[&str]) {
        let source = self.browser.driver.source().await.unwrap();
        let title = self.browser.driver.title().await.unwrap();
        for word in words {
            assert!(!source.contains(word), "'{word}' on the page '{title}'");
        }
    }

    /// Takes the net away, or gives it back.
    pub async fn offline(&self, is_offline: bool) {
        let conditions = json!({
            "offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.browser.devtools("Network.enable", json!({})).await;
        let set = "Network.emulateNetworkConditions";
        self.browser.devtools(set, conditions).await;
    }

    /// A picture of the page as they have it, without a fault.
    pub async fn kept(&self, name: &str) {
        self.browser.screenshot(name).await;
        self.browser.no_sideways_scroll().await;
        let faults = self.browser.axe().await;
        assert!(faults.is_empty(), "{name}: {faults:?}");
    }

    /// The same on a phone and on a desk.
    pub async fn kept_in_both(&mut self, name: &str, back: Width) {
        for width in [Width::Narrow, Width::Desk] {
            self.browser.resize(width).await;
            self.kept(name).await;
        }
        self.browser.resize(back).await;
    }
}
