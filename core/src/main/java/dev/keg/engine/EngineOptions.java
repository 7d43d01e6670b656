package dev.keg.engine;

import dev.keg.lifecycle.VolumeRequest;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeName;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The options of a volume that an engine requests as a single map of texts: {@code driver}, {@code
 * description}, {@code label.KEY}, and the options of the driver.
 */
record EngineOptions(SortedMap<String, String> texts) {
  private static final String DRIVER = "driver";
  private static final String DESCRIPTION = "description";
  private static final String LABEL = "label.";

  /** Whether the key is not for the driver. */
  static boolean isOwn(String key) {
    return key.equals(DRIVER) || key.equals(DESCRIPTION) || key.startsWith(LABEL);
  }

  Optional<String> driver() {
    return Optional.ofNullable(texts.get(DRIVER));
  }

  VolumeRequest request(VolumeName name) {
    SortedMap<String, String> labels = new TreeMap<>();
    SortedMap<String, String> options = new TreeMap<>();
    for (Map.Entry<String, String> text : texts.entrySet()) {
      String key = text.getKey();
      if (key.startsWith(LABEL)) {
        labels.put(key.substring(LABEL.length()), text.getValue());
      } else if (!isOwn(key)) {
        options.put(key, text.getValue());
      }
    }
    return new VolumeRequest(
            name, driver().orElse(""), new Options(options), new Labels(labels), Ownership.DEFAULT)
        .withDescription(texts.getOrDefault(DESCRIPTION, ""));
  }
}
