package dev.keg.backup.store.s3;

import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.s3.signing.UriEncoding;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The location of the objects.
 *
 * @param prefix the prefix of all keys; empty, or ending with a slash
 * @param endpoint the store's own address; empty for AWS
 * @param virtual whether the bucket is part of the host name rather than the path
 */
record S3Location(
    String bucket, String prefix, @Nullable URI endpoint, String region, boolean virtual) {
  S3Location {
    prefix = prefix.replaceAll("^/+|/+$", "");
    prefix = prefix.isEmpty() ? "" : prefix + "/";
  }

  S3Location withRegion(String other) {
    return new S3Location(bucket, prefix, endpoint, other, virtual);
  }

  /** The address in messages; an endpoint contains no secret. */
  String address() {
    String place = "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.replaceAll("/$", ""));
    return endpoint == null ? place : place + "?endpoint=" + endpoint;
  }

  boolean encrypted() {
    return base().getScheme().equals("https");
  }

  private URI base() {
    if (endpoint != null) {
      return endpoint;
    }
    String domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return URI.create("https://s3." + region + "." + domain);
  }

  /** The value of the Host header: with the port, unless it is the scheme's default. */
  String host() {
    URI base = base();
    String host = virtual ? bucket + "." + base.getHost() : base.getHost();
    int usual = encrypted() ? 443 : 80;
    return base.getPort() < 0 || base.getPort() == usual ? host : host + ":" + base.getPort();
  }

  String scheme() {
    return base().getScheme();
  }

  /** The encoded path of a key, or of the bucket for an empty one. */
  String path(String key) {
    String root = Optional.ofNullable(base().getRawPath()).orElse("").replaceAll("/+$", "");
    String bucketPath = virtual ? "" : "/" + UriEncoding.encode(bucket);
    return root + bucketPath + "/" + UriEncoding.path(key);
  }

  String key(ObjectName name) {
    return prefix + name;
  }

  /** The name of a key, if it is below the prefix and valid. */
  Optional<ObjectName> name(String key) {
    return key.startsWith(prefix)
        ? ObjectName.lookup(key.substring(prefix.length()))
        : Optional.empty();
  }
}
