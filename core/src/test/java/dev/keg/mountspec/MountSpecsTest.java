package dev.keg.mountspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.MountSpecs.SpecTexts;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MountSpecsTest {
  private final MountSpecs specs = new MountSpecs(PathStyle.LINUX, FakeHost.linux());

  private static SpecTexts texts(List<String> volumes, List<String> mounts, List<String> tmpfs) {
    return new SpecTexts(volumes, mounts, tmpfs);
  }

  static Stream<Arguments> accepted() {
    return Stream.of(
        Arguments.of(texts(List.of("/a", "/a"), List.of(), List.of()), List.of("/a")),
        Arguments.of(texts(List.of("/a", "/a/"), List.of(), List.of()), List.of("/a")),
        Arguments.of(texts(List.of("/a", "x1:/a"), List.of(), List.of()), List.of("/a")),
        Arguments.of(texts(List.of("x1:/a", "x1:/a"), List.of(), List.of()), List.of("/a")),
        Arguments.of(texts(List.of("/a"), List.of(), List.of("/a")), List.of("/a")),
        Arguments.of(texts(List.of("/a"), List.of("dst=/a"), List.of()), List.of("/a")),
        Arguments.of(
            texts(List.of(), List.of(), List.of("/a", "/a:ro", "/b")), List.of("/a", "/b")),
        Arguments.of(
            texts(List.of("x1:/a", "/c"), List.of("dst=/b"), List.of("/d")),
            List.of("/a", "/b", "/d", "/c")));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void each_target_is_mounted_once(SpecTexts texts, List<String> targets) {
    assertThat(specs.all(texts)).extracting(MountSpec::target).isEqualTo(targets);
  }

  static Stream<SpecTexts> duplicates() {
    return Stream.of(
        texts(List.of("x1:/a", "x2:/a"), List.of(), List.of()),
        texts(List.of("x1:/a", "x1:/a/"), List.of(), List.of()),
        texts(List.of("x1:/b/../a", "/tmp:/a"), List.of(), List.of()),
        texts(List.of("x1:/a"), List.of(), List.of("/a")),
        texts(List.of("x1:/a"), List.of("dst=/a/"), List.of()),
        texts(List.of(), List.of("dst=/a", "dst=/a"), List.of()),
        texts(List.of(), List.of("type=tmpfs,dst=/a"), List.of("/a")));
  }

  @ParameterizedTest
  @MethodSource("duplicates")
  void two_mounts_on_one_target_are_refused(SpecTexts texts) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.all(texts))
        .withMessage("Duplicate mount point: /a");
  }

  @Test
  void windows_targets_are_the_same_in_any_case() {
    MountSpecs windows = new MountSpecs(PathStyle.WINDOWS, FakeHost.windows());

    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(
            () -> windows.all(texts(List.of("name:d:\\data"), List.of("dst=D:\\DATA"), List.of())))
        .withMessage("Duplicate mount point: D:\\DATA");
  }

  @Test
  void the_last_tmpfs_of_a_target_holds() {
    assertThat(specs.all(texts(List.of(), List.of(), List.of("/a:ro", "/a:rw"))))
        .allMatch(spec -> !spec.access().readOnly());
  }
}
