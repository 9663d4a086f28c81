//! Files of an application.

use super::{ApplicationId, CandidateId};
use crate::filter::filters;
use crate::open::open_enum;
use crate::resource::{id_alone, record};

record! {
    /// A file of an application. `Debug` shows only the id.
    Attachment (AttachmentId, AttachmentFilter) at "attachments" {
        /// Whose application.
        application_id: Option<ApplicationId>,
        /// Whose.
        candidate_id: Option<CandidateId>,
        /// What it is.
        #[serde(rename = "type")]
        kind: Option<AttachmentKind>,
        /// Its name.
        filename: String,
        /// Where it can be had for seven days, by anybody. Send no access token there: it is not Greenhouse's own host.
        url: String,
    }
}

id_alone!(Attachment);

open_enum! {
    /// What a file is.
    AttachmentKind {
        /// A résumé. A new one takes the place of the one before.
        Resume = "resume",
        /// A letter.
        CoverLetter = "cover_letter",
        /// A take-home test, or what came of it.
        TakeHomeTest = "take_home_test",
        /// All papers of an offer.
        OfferPacket = "offer_packet",
        /// An offer.
        OfferLetter = "offer_letter",
        /// An offer that was signed.
        SignedOfferLetter = "signed_offer_letter",
        /// From a form.
        FormAttachment = "form_attachment",
        /// An agreement on the way.
        MidfunnelAgreement = "midfunnel_agreement",
        /// An agreement that was sent by itself.
        AutomatedAgreement = "automated_agreement",
        /// Anything else.
        Other = "other",
    }
}

filters! {
    Attachment {
        /// Those of these applications.
        ids applications: ApplicationId => "application_ids",
        /// Those of these candidates.
        ids candidates: CandidateId => "candidate_ids",
        /// Those that are this.
        word kind: AttachmentKind => "type",
    }
}
