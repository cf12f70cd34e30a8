use louver_core::{keys::AccountSpendingKey, secret::ExposeBytes};
use louver_wallet::{phrase::RecoveryPhrase, transparent::TransparentKey};

use crate::file::{Field, open};

/// `[transparent-key]`
#[test]
fn phrases_lead_to_accounts_and_their_transparent_accounts() {
    for vector in open("keys").list("accounts") {
        let number = vector.small("account");
        let phrase = RecoveryPhrase::parse(vector.text("phrase")).unwrap();
        assert_eq!(*phrase.entropy().expose(), vector.bytes("entropy"));
        let again = RecoveryPhrase::from_entropy(&vector.bytes("entropy")).unwrap();
        assert_eq!(*again.words().unwrap(), vector.text("phrase"));
        assert_eq!(*phrase.seed().unwrap().expose(), vector.array("seed"));
        let key = AccountSpendingKey::from_seed(phrase.seed().unwrap().expose(), number);
        assert_eq!(key.unwrap().expose_bytes()[4..], vector.bytes("sk"));
        assert_eq!(TransparentKey::of(&phrase, number).account().0, vector.array("transparent"));
    }
}
