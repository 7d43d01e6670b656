package dev.keg.backup.store.s3;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What an operator says of a bucket; what is left out comes from the environment and the profile,
 * as for the AWS tools.
 */
public record S3Options(
    String bucket,
    String prefix,
    @Nullable URI endpoint,
    @Nullable String region,
    @Nullable String profile,
    boolean virtual) {}
