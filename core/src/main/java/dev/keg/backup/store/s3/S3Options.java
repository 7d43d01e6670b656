package dev.keg.backup.store.s3;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The operator's options for a bucket; omitted ones come from the environment and the profile, as
 * for the AWS tools.
 *
 * @param lock how long nobody can delete what is written; zero for a bucket without object lock
 */
public record S3Options(
    String bucket,
    String prefix,
    @Nullable URI endpoint,
    @Nullable String region,
    @Nullable String profile,
    boolean virtual,
    Duration lock) {
  public S3Options(
      String bucket,
      String prefix,
      @Nullable URI endpoint,
      @Nullable String region,
      @Nullable String profile,
      boolean virtual) {
    this(bucket, prefix, endpoint, region, profile, virtual, Duration.ZERO);
  }
}
