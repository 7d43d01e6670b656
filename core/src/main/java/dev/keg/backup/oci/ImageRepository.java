package dev.keg.backup.oci;

import dev.keg.backup.oci.Manifest.Descriptor;
import dev.keg.backup.oci.RegistryRequest.Body;
import dev.keg.backup.store.StoreException;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One repository of a registry: its blobs, manifests and tags. */
final class ImageRepository {
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"?next\"?");
  private static final Pattern MANIFESTS = Pattern.compile("\"manifests\"\\s*:\\s*\\[\\s*");

  /** A tag that lists the attachments of an image. */
  private static final Pattern LIST_TAG = Pattern.compile("sha256-[0-9a-f]{64}");

  private static final int MOST_PAGES = 1000;

  private final RegistryClient client;
  private final String name;

  ImageRepository(RegistryClient client, String name) {
    this.client = client;
    this.name = name;
  }

  String name() {
    return name;
  }

  RegistryClient client() {
    return client;
  }

  private String path(String rest) {
    return "/v2/" + name + rest;
  }

  private List<String> toRead() {
    return List.of("repository:" + name + ":pull");
  }

  /** The scopes of a request that writes here. */
  List<String> toWrite() {
    return List.of("repository:" + name + ":pull,push");
  }

  /** A manifest and its digest. */
  record Found(Manifest manifest, Digest digest) {}

  private HttpResponse<byte[]> get(String version, String types) throws StoreException {
    return client.send(
        "read " + version,
        new RegistryRequest("GET", path("/manifests/" + version), toRead())
            .header("accept", types));
  }

  Found manifest(ImageReference image) throws StoreException {
    String operation = "read " + image;
    HttpResponse<byte[]> answer = get(image.version(), Manifest.TYPE + ", " + Manifest.DOCKER_TYPE);
    if (answer.statusCode() != 200) {
      throw client.failureToRead(operation, answer, answer.body());
    }
    Digest digest = Digest.of(answer.body());
    if (image.digest().filter(wanted -> !wanted.equals(digest)).isPresent()) {
      throw new StoreException.Failed(
          image.place(), operation, "the registry sends a manifest with another digest", null);
    }
    return new Found(Manifest.parse(image.toString(), answer.body()), digest);
  }

  void publish(String tag, byte[] manifest) throws StoreException {
    var _ = put(tag, Manifest.TYPE, manifest);
  }

  private HttpResponse<byte[]> put(String version, String type, byte[] manifest)
      throws StoreException {
    String operation = "write " + version;
    HttpResponse<byte[]> answer =
        client.send(
            operation,
            new RegistryRequest("PUT", path("/manifests/" + version), toWrite())
                .header("content-type", type)
                .body(Body.of(manifest)));
    if (answer.statusCode() != 201) {
      throw client.failure(operation, answer);
    }
    return answer;
  }

  /**
   * Attaches something to an image. For a registry that does not list attachments itself, adds it
   * to a list under a tag derived from the image's digest, as OCI 1.1 requires of clients.
   */
  void attach(String type, Descriptor content, Descriptor image) throws StoreException {
    Descriptor empty = put(Manifest.EMPTY_TYPE, "{}".getBytes(StandardCharsets.UTF_8));
    byte[] manifest = Manifest.attached(type, content, empty, image);
    Descriptor attached = new Descriptor(Manifest.TYPE, Digest.of(manifest), manifest.length);
    HttpResponse<byte[]> answer = put(attached.digest().text(), Manifest.TYPE, manifest);
    if (answer.headers().firstValue("oci-subject").isEmpty()) {
      list(image.digest(), attached.json().put("artifactType", type).line().strip());
    }
  }

  private void list(Digest image, String descriptor) throws StoreException {
    String tag = tagOf(image);
    HttpResponse<byte[]> answer = get(tag, Manifest.INDEX_TYPE);
    String known = new String(answer.body(), StandardCharsets.UTF_8);
    Matcher list = MANIFESTS.matcher(known);
    if (answer.statusCode() == 200 && known.contains(descriptor)) {
      return;
    }
    if (answer.statusCode() != 200 && answer.statusCode() != 404) {
      throw client.failure("list what is attached to " + image, answer);
    }
    // Entries of others in the list are preserved, whatever they contain.
    String more =
        answer.statusCode() == 200 && list.find()
            ? new StringBuilder(known)
                .insert(list.end(), descriptor + (known.startsWith("]", list.end()) ? "" : ","))
                .toString()
            : "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(Manifest.INDEX_TYPE, descriptor);
    var _ = put(tag, Manifest.INDEX_TYPE, more.getBytes(StandardCharsets.UTF_8));
  }

  /** The attachment of an image with this type; the first if there are several. */
  Optional<Manifest> attached(String type, Digest image) throws StoreException {
    String operation = "list what is attached to " + image;
    HttpResponse<byte[]> answer =
        client.send(operation, new RegistryRequest("GET", path("/referrers/" + image), toRead()));
    if (answer.statusCode() == 404) {
      answer = get(tagOf(image), Manifest.INDEX_TYPE);
    }
    if (answer.statusCode() != 200) {
      return Optional.empty();
    }
    try {
      Object all = JsonObject.parse(answer.body()).get("manifests");
      for (Object one : all instanceof List<?> list ? list : List.of()) {
        if (one instanceof Map<?, ?> fields && type.equals(fields.get("artifactType"))) {
          Optional<Digest> digest = Digest.lookup(String.valueOf(fields.get("digest")));
          return digest.isPresent() ? Optional.of(attachment(digest.get())) : Optional.empty();
        }
      }
      return Optional.empty();
    } catch (InvalidDocument e) {
      throw new StoreException.Failed(
          client.image().place(), operation, String.valueOf(e.getMessage()), null);
    }
  }

  private Manifest attachment(Digest digest) throws StoreException {
    HttpResponse<byte[]> answer = get(digest.text(), Manifest.TYPE);
    if (answer.statusCode() != 200 || !Digest.of(answer.body()).equals(digest)) {
      throw client.failureToRead("read " + digest, answer, answer.body());
    }
    return Manifest.parse(client.image().place() + "@" + digest, answer.body());
  }

  private static String tagOf(Digest image) {
    return image.text().replace(':', '-');
  }

  boolean has(Digest digest) throws StoreException {
    HttpResponse<byte[]> answer =
        client.send(
            "look for " + digest, new RegistryRequest("HEAD", path("/blobs/" + digest), toRead()));
    return answer.statusCode() == 200;
  }

  BlobUpload upload() throws StoreException {
    return begin("");
  }

  private BlobUpload begin(String query) throws StoreException {
    HttpResponse<byte[]> answer = post(toWrite(), query);
    if (answer.statusCode() != 202) {
      throw client.failure("begin to upload", answer);
    }
    return upload(answer);
  }

  private HttpResponse<byte[]> post(List<String> scopes, String query) throws StoreException {
    return client.send(
        "begin to upload", new RegistryRequest("POST", path("/blobs/uploads/") + query, scopes));
  }

  private BlobUpload upload(HttpResponse<byte[]> begun) throws StoreException {
    String least = begun.headers().firstValue("oci-chunk-min-length").orElse("0");
    return new BlobUpload(
        this,
        client.location("begin to upload", begun),
        least.matches("\\d{1,9}") ? Integer.parseInt(least) : 0);
  }

  /** Uploads a small blob, unless it exists. */
  Descriptor put(String type, byte[] bytes) throws StoreException {
    Descriptor descriptor = new Descriptor(type, Digest.of(bytes), bytes.length);
    if (!has(descriptor.digest())) {
      try (BlobUpload upload = upload()) {
        upload.write(bytes);
        upload.publish();
      } catch (StoreException e) {
        throw e;
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return descriptor;
  }

  /** Gets a blob from another repository, with a single request if the registry supports it. */
  void take(Descriptor descriptor, ImageRepository from) throws StoreException {
    if (has(descriptor.digest())) {
      return;
    }
    HttpResponse<byte[]> answer =
        post(
            List.of(from.toRead().getFirst(), toWrite().getFirst()),
            "?mount=%s&from=%s".formatted(descriptor.digest(), from.name()));
    switch (answer.statusCode()) {
      case 201 -> {}
      case 202 -> copy(descriptor, from, upload(answer));
      default -> throw client.failure("mount " + descriptor.digest(), answer);
    }
  }

  private static void copy(Descriptor descriptor, ImageRepository from, BlobUpload into)
      throws StoreException {
    try (into;
        InputStream blob = new BlobStream(from, descriptor)) {
      blob.transferTo(into);
      into.publish();
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Opens a blob at an offset; skips the start if the registry sends everything. */
  WatchedStream open(Descriptor descriptor, long offset) throws StoreException {
    String operation = "read " + descriptor.digest();
    RegistryRequest request =
        new RegistryRequest("GET", path("/blobs/" + descriptor.digest()), toRead());
    HttpResponse<InputStream> answer =
        client.open(
            operation,
            offset == 0 ? request : request.header("range", "bytes=%d-".formatted(offset)));
    boolean here =
        answer.headers().firstValue("content-range").orElse("").startsWith("bytes " + offset + "-");
    WatchedStream body = new WatchedStream(answer.body(), client.idle());
    try {
      if (answer.statusCode() == 200) {
        body.skipNBytes(offset);
        return body;
      }
      if (answer.statusCode() == 206 && here) {
        return body;
      }
      throw client.failureToRead(operation, answer, body.readNBytes(1 << 16));
    } catch (StoreException e) {
      body.close();
      throw e;
    } catch (IOException e) {
      body.close();
      throw new StoreException.Unavailable(
          client.image().place(), operation, "the connection was lost: " + e.getMessage(), e);
    }
  }

  List<String> tags() throws StoreException {
    List<String> tags = new ArrayList<>();
    Optional<String> page = Optional.of(path("/tags/list"));
    for (int i = 0; page.isPresent() && i < MOST_PAGES; i++) {
      HttpResponse<byte[]> answer =
          client.send("list tags", new RegistryRequest("GET", page.get(), toRead()));
      if (answer.statusCode() != 200) {
        throw client.failure("list tags", answer);
      }
      tags.addAll(tags(answer.body()));
      page = next(answer);
    }
    if (page.isPresent()) {
      throw unlisted("it has more tags than Keg lists");
    }
    return tags;
  }

  private List<String> tags(byte[] json) throws StoreException {
    try {
      return JsonObject.parse(json).get("tags") instanceof List<?> tags
          ? tags.stream()
              .map(String::valueOf)
              .filter(tag -> ImageReference.isTag(tag) && !LIST_TAG.matcher(tag).matches())
              .toList()
          : List.of();
    } catch (InvalidDocument e) {
      throw unlisted(String.valueOf(e.getMessage()));
    }
  }

  private StoreException unlisted(String why) {
    return new StoreException.Failed(client.image().place(), "list tags", why, null);
  }

  private Optional<String> next(HttpResponse<byte[]> answer) throws StoreException {
    Matcher link = NEXT.matcher(answer.headers().firstValue("link").orElse(""));
    try {
      return link.find()
          ? Optional.of(answer.uri().resolve(new URI(link.group(1))).toString())
          : Optional.empty();
    } catch (URISyntaxException _) {
      throw unlisted("its link to the next page is invalid");
    }
  }
}
