//! What an organization keeps besides.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::UserId;
use crate::filter::filters;
use crate::lenient;
use crate::open::open_enum;
use crate::resource::record;

/// The values of a record's custom fields, by the field's `name_key`.
pub type CustomFields = BTreeMap<String, CustomFieldValue>;

/// What a custom field holds. `Debug` shows no value.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomFieldValue {
    /// The field's name, as people see it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// What kind of value it is.
    #[serde(rename = "type")]
    pub kind: Option<CustomFieldValueKind>,
    /// The value, as Greenhouse has it: numbers may be texts, what was selected is its label.
    #[serde(default)]
    pub value: Value,
}

record! {
    /// A field that an organization made.
    #[derive(Debug)]
    CustomField (CustomFieldId, CustomFieldFilter) at "custom_fields" {
        /// Its name, which may change.
        name: String,
        /// Its name in the API, which stays.
        name_key: String,
        /// What has it.
        field_type: Option<CustomFieldOwner>,
        /// What it holds.
        value_type: Option<CustomFieldValueKind>,
        /// Whether only some may see it.
        private: bool,
        /// Whether it has to be filled in.
        required: bool,
        /// `false`: archived.
        active: Option<bool>,
        /// Whether only the API may change it.
        api_only: Option<bool>,
        /// Which applications have it.
        application_type: Option<String>,
        /// Its place.
        sort_order: i64,
        /// What it is for.
        description: Option<String>,
        /// What stands in it before it is filled in.
        placeholder: Option<String>,
        /// What it holds at first, as Greenhouse has it.
        default_value: Option<Value>,
        /// Greenhouse's own name for it, where it is built in.
        internal_type: Option<String>,
        /// Whether job boards may show it.
        expose_in_job_board_api: bool,
        /// Whether a change has to be approved.
        require_approval: bool,
        /// Whether a change makes a new version of an offer.
        trigger_new_version: bool,
        /// Whether it counts when a job is approved.
        use_for_job_approvals: Option<bool>,
        /// Whether it counts when an offer is approved.
        use_for_offer_approvals: Option<bool>,
        /// What stands for it in templates.
        template_token_string: Option<String>,
        /// Who last changed it.
        updated_by_id: Option<UserId>,
    }
}

open_enum! {
    /// What has a custom field.
    CustomFieldOwner {
        /// Jobs.
        Job = "job",
        /// Openings of a job.
        Opening = "opening",
        /// Anything, as a built-in field.
        Standard = "standard",
        /// Offers.
        Offer = "offer",
        /// Pay.
        CompensationFrequency = "compensation_frequency",
        /// Candidates.
        Candidate = "candidate",
        /// Referrals.
        ReferralQuestion = "referral_question",
        /// Applications.
        Application = "application",
        /// Rejections.
        RejectionQuestion = "rejection_question",
        /// Forms.
        Form = "form",
        /// Agencies' submissions.
        AgencyQuestion = "agency_question",
        /// Users.
        UserAttribute = "user_attribute",
    }
}

open_enum! {
    /// What a custom field holds.
    CustomFieldValueKind {
        /// A line.
        ShortText = "short_text",
        /// A text.
        LongText = "long_text",
        /// Yes or no.
        YesNo = "yes_no",
        /// One of the options.
        SingleSelect = "single_select",
        /// Some of the options.
        MultiSelect = "multi_select",
        /// An amount of money.
        Currency = "currency",
        /// A number.
        Number = "number",
        /// A day.
        Date = "date",
        /// An address.
        Url = "url",
        /// A span of money.
        CurrencyRange = "currency_range",
        /// A span of numbers.
        NumberRange = "number_range",
        /// A user.
        User = "user",
        /// What another field says.
        Linked = "linked",
        /// A heading of a form.
        Header = "header",
        /// A text of a form.
        Statement = "statement",
        /// A file.
        Attachment = "attachment",
        /// A text with marks.
        RichText = "rich_text",
        /// A birthday.
        DateOfBirth = "date_of_birth",
    }
}

filters! {
    CustomField {
        /// Those that these have.
        word field_type: CustomFieldOwner => "field_type",
        /// Those in use, or archived ones; both come otherwise.
        flag active => "active",
        /// Those of this name.
        text name => "name",
        /// The one of this name in the API.
        text name_key => "name_key",
    }
}

record! {
    /// What can be selected in a custom field.
    #[derive(Debug)]
    CustomFieldOption (CustomFieldOptionId, CustomFieldOptionFilter) at "custom_field_options" {
        /// Of which field.
        custom_field_id: Option<CustomFieldId>,
        /// Its label.
        name: String,
        /// The organization's own name for it.
        external_id: Option<String>,
        /// Its place.
        sort_order: i64,
        /// `false`: no longer in use.
        active: bool,
    }
}

filters! {
    CustomFieldOption {
        /// Those of these fields.
        ids custom_fields: CustomFieldId => "custom_field_ids",
        /// Those of the field of this name in the API.
        text custom_field_key => "custom_field_key",
        /// Those in use, or the others.
        flag active => "active",
    }
}

impl fmt::Debug for CustomFieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomFieldValue")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
