package dev.keg.backup.oci;

import dev.keg.backup.oci.Manifest.Part;
import dev.keg.backup.oci.RegistryRequest.Body;
import dev.keg.backup.store.StoreException;
import dev.keg.json.JsonDocument.InvalidDocument;
import dev.keg.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One repository of a registry: its blobs, manifests and tags. */
final class ImageRepository {
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"?next\"?");
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

  /** What a request needs to be allowed that writes here. */
  List<String> toWrite() {
    return List.of("repository:" + name + ":pull,push");
  }

  /** The manifest, and what it is known by from now on. */
  record Found(Manifest manifest, Digest digest) {}

  Found manifest(ImageReference image) throws StoreException {
    String operation = "read " + image;
    HttpResponse<byte[]> answer =
        client.send(
            operation,
            new RegistryRequest("GET", path("/manifests/" + image.version()), toRead())
                .header("accept", Manifest.TYPE + ", " + Manifest.DOCKER_TYPE));
    if (answer.statusCode() != 200) {
      throw client.failure(operation, answer);
    }
    Digest digest = Digest.of(answer.body());
    if (image.digest().filter(wanted -> !wanted.equals(digest)).isPresent()) {
      throw new StoreException.Failed(
          image.place(), operation, "the registry sends a manifest with another digest", null);
    }
    return new Found(Manifest.parse(image.toString(), answer.body()), digest);
  }

  void publish(String tag, byte[] manifest) throws StoreException {
    String operation = "write " + tag;
    HttpResponse<byte[]> answer =
        client.send(
            operation,
            new RegistryRequest("PUT", path("/manifests/" + tag), toWrite())
                .header("content-type", Manifest.TYPE)
                .body(Body.of(manifest)));
    if (answer.statusCode() != 201) {
      throw client.failure(operation, answer);
    }
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

  /** Makes a small blob, unless it is there. */
  Part put(String type, byte[] bytes) throws StoreException {
    Part part = new Part(type, Digest.of(bytes), bytes.length);
    if (!has(part.digest())) {
      try (BlobUpload upload = upload()) {
        upload.write(bytes);
        upload.publish();
      } catch (StoreException e) {
        throw e;
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return part;
  }

  /** Has a blob of another repository here, too: by one request where the registry can do that. */
  void take(Part part, ImageRepository from) throws StoreException {
    if (has(part.digest())) {
      return;
    }
    HttpResponse<byte[]> answer =
        post(
            List.of(from.toRead().getFirst(), toWrite().getFirst()),
            "?mount=%s&from=%s".formatted(part.digest(), from.name()));
    switch (answer.statusCode()) {
      case 201 -> {}
      case 202 -> copy(part, from, upload(answer));
      default -> throw client.failure("mount " + part.digest(), answer);
    }
  }

  private static void copy(Part part, ImageRepository from, BlobUpload into) throws StoreException {
    try (into;
        InputStream blob = new BlobStream(from, part)) {
      blob.transferTo(into);
      into.publish();
    } catch (StoreException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Opens a blob at an offset; what comes before it is skipped where the registry sends it. */
  WatchedStream open(Part part, long offset) throws StoreException {
    String operation = "read " + part.digest();
    RegistryRequest request = new RegistryRequest("GET", path("/blobs/" + part.digest()), toRead());
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
      throw client.failure(operation, answer, body.readNBytes(1 << 16));
    } catch (StoreException e) {
      body.close();
      throw e;
    } catch (IOException e) {
      body.close();
      throw new StoreException.Unavailable(
          client.image().place(), operation, "the connection broke: " + e.getMessage(), e);
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
          ? tags.stream().map(String::valueOf).filter(ImageReference::isTag).toList()
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
      throw unlisted("its link to the next page is none");
    }
  }
}
