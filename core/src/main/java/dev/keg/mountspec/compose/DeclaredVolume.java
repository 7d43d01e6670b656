package dev.keg.mountspec.compose;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.MountConfig.Creation;
import dev.keg.mountspec.WantedVolume;
import dev.keg.volume.VolumeName;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A volume declared in the file's {@code volumes:}, with its name outside of the file. */
record DeclaredVolume(String name, Creation creation) {

  /**
   * Reads the declaration.
   *
   * @param ofMachines whether only machines use the volume, so that it is a disk by default
   */
  static DeclaredVolume read(
      String key, YamlPlace place, ComposeContext around, boolean ofMachines) {
    place.allow("name", "external", "driver", "driver_opts", "labels", "size");
    Optional<String> name = place.at("name").optionalText();
    YamlPlace external = place.at("external");
    if (external.isFields() || external.bool(false)) {
      return external(key, place, name);
    }
    boolean disk =
        (ofMachines || !place.at("size").isAbsent()) && place.at("driver").text().isEmpty();
    Creation creation =
        new Creation(
            disk ? "image" : place.at("driver").text(),
            disk ? diskOptions(place) : driverOptions(place, around),
            labels(key, place, around),
            false);
    return new DeclaredVolume(name.orElse(around.project() + "_" + key), creation);
  }

  WantedVolume wanted() {
    return new WantedVolume(
        new VolumeName(name),
        creation.driver().isEmpty() ? null : creation.driver(),
        creation.options(),
        creation.labels(),
        creation.mustExist());
  }

  /** The file's labels, and those by which compose recognises its own volumes. */
  private static Map<String, String> labels(String key, YamlPlace place, ComposeContext around) {
    Map<String, String> labels = new TreeMap<>(place.at("labels").texts(true));
    labels.put("com.docker.compose.project", around.project());
    labels.put("com.docker.compose.volume", key);
    return labels;
  }

  // external: {name: NAME} is the old form of external: true.
  private static DeclaredVolume external(String key, YamlPlace place, Optional<String> name) {
    for (String other : place.keys()) {
      if (!other.equals("name") && !other.equals("external") && !other.startsWith("x-")) {
        throw new InvalidSpec(
            "%s: conflicting parameters \"external\" and \"%s\" specified"
                .formatted(place.path(), other));
      }
    }
    YamlPlace external = place.at("external");
    Optional<String> formerName =
        external.isFields() ? external.at("name").optionalText() : Optional.empty();
    if (name.isPresent() && formerName.isPresent()) {
      throw new InvalidSpec(place.path() + ": name and external.name conflict; only use name");
    }
    return new DeclaredVolume(
        name.or(() -> formerName).orElse(key), new Creation("", Map.of(), Map.of(), true));
  }

  // As qemu-compose creates them.
  private static Map<String, String> diskOptions(YamlPlace place) {
    Map<String, String> options = new TreeMap<>(Map.of("format", "qcow2", "fs", "ext4"));
    options.putAll(place.at("driver_opts").texts(false));
    options.put("size", place.at("size").optionalText().orElse("10G"));
    return options;
  }

  // A bind mount in disguise: its directory is relative to the file.
  private static Map<String, String> driverOptions(YamlPlace place, ComposeContext around) {
    Map<String, String> options = place.at("driver_opts").texts(false);
    place.at("size").optionalText().ifPresent(size -> options.put("size", size));
    String driver = place.at("driver").text();
    String device = options.getOrDefault("device", "");
    boolean bind =
        Arrays.stream(options.getOrDefault("o", "").split(",", -1))
            .anyMatch(word -> word.equals("bind") || word.equals("rbind"));
    if (bind && !device.isEmpty() && (driver.isEmpty() || driver.equals("local"))) {
      options.put("device", around.absolute(device));
    }
    return options;
  }
}
