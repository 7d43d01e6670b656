package dev.keg.backup.oci;

import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parts of an image, as a registry stores them:
 *
 * <pre>
 * {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
 *  "artifactType":"application/vnd.keg.volume.v1",
 *  "config":{"mediaType":"…","digest":"sha256:…","size":300},
 *  "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+zstd","digest":"sha256:…","size":4711}],
 *  "annotations":{"dev.keg.volume":"…"}}
 * </pre>
 */
record Manifest(List<Descriptor> layers, Map<String, String> annotations) {
  static final String TYPE = "application/vnd.oci.image.manifest.v1+json";
  static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
  static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+zstd";

  /** The type of an empty configuration. */
  static final String EMPTY_TYPE = "application/vnd.oci.empty.v1+json";

  /** A list of manifests. */
  static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

  /** The same content in Docker's own format. */
  static final String DOCKER_TYPE = "application/vnd.docker.distribution.manifest.v2+json";

  private static final String ARTIFACT_TYPE = "application/vnd.keg.volume.v1";

  /** A blob that an image refers to. */
  record Descriptor(String type, Digest digest, long size) {
    JsonObject json() {
      return new JsonObject().put("mediaType", type).put("digest", digest.text()).put("size", size);
    }
  }

  Manifest {
    layers = List.copyOf(layers);
    annotations = Map.copyOf(annotations);
  }

  /** The manifest of an attachment of an image, without a configuration. */
  static byte[] attached(String type, Descriptor content, Descriptor empty, Descriptor image) {
    return new JsonObject()
        .put("schemaVersion", 2)
        .put("mediaType", TYPE)
        .put("artifactType", type)
        .put("config", empty.json())
        .objects("layers", List.of(content.json()))
        .put("subject", image.json())
        .bytes();
  }

  /** The manifest as JSON; to other programs, the volume is an image that is not run. */
  byte[] json(Descriptor config) {
    return new JsonObject()
        .put("schemaVersion", 2)
        .put("mediaType", TYPE)
        .put("artifactType", ARTIFACT_TYPE)
        .put("config", config.json())
        .objects("layers", layers.stream().map(Descriptor::json).toList())
        .put("annotations", new TreeMap<>(annotations))
        .bytes();
  }

  /**
   * @param image the image's name for messages
   */
  static Manifest parse(String image, byte[] json) {
    try {
      Map<String, Object> fields = JsonObject.parse(json);
      if (fields.containsKey("manifests")) {
        throw refused(image, "it lists images for several platforms, and a volume needs one");
      }
      List<?> layers = fields.get("layers") instanceof List<?> list ? list : List.of();
      return new Manifest(
          layers.stream().map(layer -> descriptor(image, layer)).toList(), texts(fields));
    } catch (InvalidDocument e) {
      throw refused(image, String.valueOf(e.getMessage()));
    }
  }

  private static Descriptor descriptor(String image, Object json) {
    if (json instanceof Map<?, ?> fields
        && fields.get("mediaType") instanceof String type
        && fields.get("digest") instanceof String digest
        && fields.get("size") instanceof String size
        && size.matches("\\d{1,18}")) {
      return new Descriptor(
          type,
          Digest.lookup(digest)
              .orElseThrow(() -> refused(image, "it has a digest that is not SHA-256")),
          Long.parseLong(size));
    }
    throw refused(image, "a layer has no type, digest or size");
  }

  private static SortedMap<String, String> texts(Map<String, Object> fields) {
    SortedMap<String, String> texts = new TreeMap<>();
    if (fields.get("annotations") instanceof Map<?, ?> map) {
      map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
    }
    return texts;
  }

  private static InvalidArchive refused(String image, String why) {
    return new InvalidArchive(image, "in its manifest", why);
  }
}
