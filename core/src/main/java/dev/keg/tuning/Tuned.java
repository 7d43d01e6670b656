package dev.keg.tuning;

import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.Optional;

/**
 * A setting below a volume.
 *
 * @param place where it applies; empty if unknown
 * @param before the value before a change; empty if unknown
 * @param after the value now, or after the change
 * @param kept the value that each mount gets; empty for the system's choice
 * @param sharers what else the setting affects
 * @param why the value is unknown; empty if it is known
 */
public record Tuned(
    VolumeName volume,
    Setting setting,
    Optional<String> place,
    Optional<String> before,
    Optional<String> after,
    Optional<String> kept,
    List<String> choices,
    List<String> sharers,
    String why) {
  public Tuned {
    choices = List.copyOf(choices);
    sharers = List.copyOf(sharers);
  }

  /** For a setting that gets a value. */
  static Tuned of(VolumeName volume, Knob knob, String after, Optional<String> kept) {
    return new Tuned(
        volume,
        knob.setting(),
        Optional.of(knob.place()),
        Optional.of(knob.value()),
        Optional.of(after),
        kept,
        knob.choices(),
        knob.sharers(),
        "");
  }

  static Tuned unknown(VolumeName volume, Setting setting, Optional<String> kept, String why) {
    return new Tuned(
        volume,
        setting,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        kept,
        List.of(),
        List.of(),
        why);
  }
}
