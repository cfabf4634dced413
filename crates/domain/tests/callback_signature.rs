//! A callback URL is valid only if we signed it, and only until it expires.

use domain::{
    Error, ProductionOrderId, Units,
    callback::{Claim, Keys},
};

const OLD: &str = "an-old-key-of-at-least-32-characters";
const NEW: &str = "a-new-key-of-at-least-32-characters!";
const NOW: u64 = 1_790_000_000;

type Test = Result<(), Error>;

fn claim() -> Result<Claim, Error> {
    let ordered = Units::try_from(10)?;
    Ok(Claim { production_order: ProductionOrderId::random(), ordered, expires: NOW + 1 })
}

#[test]
fn a_signature_is_valid_until_the_url_expires() -> Test {
    let (keys, claim): (Keys, _) = (NEW.parse()?, claim()?);
    let signature = keys.sign(&claim)?;
    assert_eq!(keys.verify(&claim, &signature, NOW), Ok(()));
    assert_eq!(keys.verify(&claim, &signature, NOW + 1), Err(Error::Expired));
    Ok(())
}

#[test]
fn a_signature_is_invalid_if_any_part_of_the_claim_is_changed() -> Test {
    let (keys, claim): (Keys, _) = (NEW.parse()?, claim()?);
    let signature = keys.sign(&claim)?;
    let changed = [
        Claim { production_order: ProductionOrderId::random(), ..claim },
        Claim { ordered: Units::try_from(11)?, ..claim },
        Claim { expires: claim.expires + 1, ..claim },
    ];
    for claim in changed {
        assert_eq!(keys.verify(&claim, &signature, NOW), Err(Error::Forged), "{claim:?}");
    }
    Ok(())
}

#[test]
fn any_other_signature_is_invalid() -> Test {
    let (keys, claim): (Keys, _) = (NEW.parse()?, claim()?);
    let ours = keys.sign(&claim)?;
    for bad in ["", "00", "no hexadecimal", &ours[2..], &format!("{ours}00"), &"00".repeat(32)] {
        assert_eq!(keys.verify(&claim, bad, NOW), Err(Error::Forged), "{bad}");
    }
    Ok(())
}

#[test]
fn during_key_rotation_both_keys_verify_and_the_new_one_signs() -> Test {
    let (old, new, both): (Keys, Keys, Keys) =
        (OLD.parse()?, NEW.parse()?, format!("{NEW},{OLD}").parse()?);
    let claim = claim()?;
    assert_eq!(both.verify(&claim, &old.sign(&claim)?, NOW), Ok(()));
    assert_eq!(new.verify(&claim, &both.sign(&claim)?, NOW), Ok(()));
    assert_eq!(old.verify(&claim, &both.sign(&claim)?, NOW), Err(Error::Forged));
    Ok(())
}

#[test]
fn short_keys_and_more_than_two_keys_are_rejected() {
    for bad in ["", "short", &format!("{NEW},short"), &format!("{NEW},{OLD},{NEW}")] {
        assert!(bad.parse::<Keys>().is_err(), "{bad}");
    }
}

#[test]
fn debug_output_does_not_show_keys() -> Test {
    let keys: Keys = NEW.parse()?;
    assert!(!format!("{keys:?}").contains(NEW));
    Ok(())
}
