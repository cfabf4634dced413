//! Only we can have made a callback URL, and it is good for a time.

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
fn what_we_signed_is_ours_until_it_expires() -> Test {
    let (keys, claim): (Keys, _) = (NEW.parse()?, claim()?);
    let signature = keys.sign(&claim)?;
    assert_eq!(keys.verify(&claim, &signature, NOW), Ok(()));
    assert_eq!(keys.verify(&claim, &signature, NOW + 1), Err(Error::Expired));
    Ok(())
}

#[test]
fn whatever_is_changed_in_a_claim_the_signature_is_no_longer_ours() -> Test {
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
fn no_signature_but_ours_is_taken() -> Test {
    let (keys, claim): (Keys, _) = (NEW.parse()?, claim()?);
    let ours = keys.sign(&claim)?;
    for bad in ["", "00", "no hexadecimal", &ours[2..], &format!("{ours}00"), &"00".repeat(32)] {
        assert_eq!(keys.verify(&claim, bad, NOW), Err(Error::Forged), "{bad}");
    }
    Ok(())
}

#[test]
fn while_keys_are_rotated_both_are_good_and_the_new_one_signs() -> Test {
    let (old, new, both): (Keys, Keys, Keys) =
        (OLD.parse()?, NEW.parse()?, format!("{NEW},{OLD}").parse()?);
    let claim = claim()?;
    assert_eq!(both.verify(&claim, &old.sign(&claim)?, NOW), Ok(()));
    assert_eq!(new.verify(&claim, &both.sign(&claim)?, NOW), Ok(()));
    assert_eq!(old.verify(&claim, &both.sign(&claim)?, NOW), Err(Error::Forged));
    Ok(())
}

#[test]
fn short_keys_and_more_than_two_are_refused() {
    for bad in ["", "short", &format!("{NEW},short"), &format!("{NEW},{OLD},{NEW}")] {
        assert!(bad.parse::<Keys>().is_err(), "{bad}");
    }
}

#[test]
fn keys_are_not_shown() -> Test {
    let keys: Keys = NEW.parse()?;
    assert!(!format!("{keys:?}").contains(NEW));
    Ok(())
}
