package dev.keg.backup.oci;

import dev.keg.json.JsonObject;
import dev.keg.volume.Volume;
import java.time.Instant;
import java.util.List;

/**
 * The configuration that other programs read before they mount an image.
 *
 * @param architecture in the words of image formats, such as {@code amd64}: some programs mount no
 *     other
 */
public record ImageConfig(String architecture, String system, Instant created) {
  static final String CREATED = "org.opencontainers.image.created";
  static final String TITLE = "org.opencontainers.image.title";

  /** Describes the volume, so that a similar one can be created. */
  static final String VOLUME = "dev.keg.volume";

  /** Translates Java's name of the architecture. */
  public static String architecture(String java) {
    return switch (java) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> java;
    };
  }

  byte[] json(Volume volume, Digest plain) {
    return new JsonObject()
        .put("created", created.toString())
        .put("architecture", architecture)
        .put("os", system)
        .put("config", new JsonObject().put("Labels", volume.labels().map()))
        .put(
            "rootfs",
            new JsonObject().put("type", "layers").texts("diff_ids", List.of(plain.text())))
        .objects(
            "history",
            List.of(
                new JsonObject()
                    .put("created", created.toString())
                    .put("created_by", "keg push " + volume.name())))
        .bytes();
  }
}
