package dev.keg.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.store.ObjectName;
import dev.keg.volume.Size;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3LocationTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, eu-central-1, false, https, s3.eu-central-1.amazonaws.com, /buck/p/data/x",
        "-, cn-north-1, false, https, s3.cn-north-1.amazonaws.com.cn, /buck/p/data/x",
        "-, us-east-1, true, https, buck.s3.us-east-1.amazonaws.com, /p/data/x",
        "http://127.0.0.1:9000, us-east-1, false, http, 127.0.0.1:9000, /buck/p/data/x",
        "https://minio.example:443, us-east-1, false, https, minio.example, /buck/p/data/x",
        "http://minio.example:80/, us-east-1, false, http, minio.example, /buck/p/data/x",
        "https://gate.example/s3/, us-east-1, false, https, gate.example, /s3/buck/p/data/x",
        "https://oss.example, us-east-1, true, https, buck.oss.example, /p/data/x",
      })
  void an_object_has_an_address(
      @Nullable String endpoint,
      String region,
      boolean virtual,
      String scheme,
      String host,
      String path) {
    S3Location location =
        new S3Location(
            "buck", "p", endpoint == null ? null : URI.create(endpoint), region, virtual);

    assertThat(location.scheme()).isEqualTo(scheme);
    assertThat(location.host()).isEqualTo(host);
    assertThat(location.path(location.key(new ObjectName("data/x")))).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "/, ''", "p, p/", "/p/, p/", "a/b, a/b/", "//a//, a/"})
  void a_prefix_ends_in_one_slash(String given, String prefix) {
    assertThat(new S3Location("buck", given, null, "us-east-1", false).prefix()).isEqualTo(prefix);
  }

  @Test
  void keys_of_others_are_not_names() {
    S3Location location = new S3Location("buck", "p", null, "us-east-1", false);

    assertThat(location.name("p/data/x")).contains(new ObjectName("data/x"));
    assertThat(location.name("q/data/x")).isEmpty();
    assertThat(location.name("p/")).isEmpty();
    assertThat(location.name("p/my file")).isEmpty();
  }

  @ParameterizedTest(name = "{0} MiB in parts of {1} MiB")
  @CsvSource({"0, 15", "1, 8", "70000, 8", "100000, 12", "1000000, 112", "5000000, 512"})
  void parts_are_as_large_as_the_object_needs(long expected, int part) {
    PartSizes sizes = PartSizes.forObject(new Size(expected << 20), PartSizes.SMALLEST);

    assertThat(sizes.of(1)).isEqualTo(part << 20);
    assertThat(sizes.of(9000)).isEqualTo(part << 20);
  }

  @Test
  void parts_grow_when_an_object_is_larger_than_expected() {
    PartSizes sizes = PartSizes.forObject(new Size(1), PartSizes.SMALLEST);
    long total = 0;
    for (int number = 1; number <= 10_000; number++) {
      total += sizes.of(number);
    }

    assertThat(sizes.of(9001)).isEqualTo(16 << 20);
    assertThat(sizes.of(10_000)).isEqualTo(512 << 20);
    assertThat(total).isGreaterThan(200L << 30);
  }

  @ParameterizedTest(name = "{0} GiB")
  @ValueSource(longs = {1, 100, 433, 600, 1000, 4000})
  void an_object_that_is_as_large_as_it_was_said_to_be_fits_into_the_parts(long gib) {
    Size size = new Size(gib << 30);
    PartSizes sizes = PartSizes.forObject(size, PartSizes.SMALLEST);
    long rest = size.bytes();
    int number = 0;
    while (rest > 0) {
      number++;
      rest -= sizes.of(number);
    }

    assertThat(number).isLessThanOrEqualTo(9_001);
    assertThat(sizes.most().bytes()).isGreaterThan(size.bytes() + (200L << 30));
  }
}
