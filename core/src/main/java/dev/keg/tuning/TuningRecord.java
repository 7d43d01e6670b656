package dev.keg.tuning;

import dev.keg.json.JsonDocument;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A volume's stored tuning, as a file in its home:
 *
 * <pre>
 * {"schema":1,"before":[{"boot":"…","host":"…","place":"loop0#6932","setting":"readahead",
 *  "value":"131072"}],"settings":{"readahead":"4194304"}}
 * </pre>
 *
 * @param wanted the operator's settings
 * @param before the values before their first change
 */
record TuningRecord(Tuning wanted, List<Before> before) {
  static final TuningRecord NONE = new TuningRecord(Tuning.NONE, List.of());

  private static final long SCHEMA = 1;

  TuningRecord {
    before = List.copyOf(before);
  }

  /**
   * The value of a setting before its first change; valid until the next boot.
   *
   * @param place the identity of a {@link Knob}
   */
  record Before(HostBoot seen, Setting setting, String place, String value) {
    Before {
      // An earlier value is valid if it could also be a wanted one.
      Tuning _ = Tuning.NONE.with(setting, value);
    }

    boolean isOf(HostBoot when, Knob knob) {
      return seen.equals(when) && setting == knob.setting() && place.equals(knob.identity());
    }
  }

  /** A host during one boot. */
  record HostBoot(String host, String boot) {}

  TuningRecord with(Tuning tuning) {
    return new TuningRecord(tuning, before);
  }

  /** Adds an earlier value. Drops those from an earlier boot of the same host. */
  TuningRecord with(Before added) {
    List<Before> all = new ArrayList<>(before);
    all.removeIf(
        known ->
            known.seen().host().equals(added.seen().host())
                && !known.seen().boot().equals(added.seen().boot()));
    all.add(added);
    return new TuningRecord(wanted, all);
  }

  TuningRecord without(List<Before> over) {
    return new TuningRecord(
        wanted, before.stream().filter(known -> !over.contains(known)).toList());
  }

  byte[] bytes() {
    SortedMap<String, String> settings = new TreeMap<>();
    wanted.values().forEach((setting, value) -> settings.put(setting.word(), value));
    return JsonObject.ofSchema(SCHEMA)
        .objects("before", before.stream().map(TuningRecord::json).toList())
        .put("settings", settings)
        .bytes();
  }

  private static JsonObject json(Before known) {
    return new JsonObject()
        .put("boot", known.seen().boot())
        .put("host", known.seen().host())
        .put("place", known.place())
        .put("setting", known.setting().word())
        .put("value", known.value());
  }

  static TuningRecord parse(Path file, byte[] content) throws InvalidDocument {
    JsonDocument json = JsonDocument.read(file, SCHEMA, content);
    List<Before> before = new ArrayList<>();
    for (JsonDocument entry : json.documents("before")) {
      before.add(
          new Before(
              new HostBoot(entry.text("host"), entry.text("boot")),
              setting(entry.text("setting")),
              entry.text("place"),
              entry.text("value")));
      entry.end();
    }
    SortedMap<Setting, String> settings = new TreeMap<>();
    for (var entry : json.map("settings").entrySet()) {
      settings.put(setting(entry.getKey()), entry.getValue());
    }
    json.end();
    return new TuningRecord(new Tuning(settings), before);
  }

  private static Setting setting(String word) throws InvalidDocument {
    return Setting.of(word)
        .orElseThrow(() -> new InvalidDocument("unknown setting \"" + word + "\""));
  }
}
