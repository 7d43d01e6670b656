package dev.keg.mountspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.MountConfig.BindPart;
import dev.keg.mountspec.MountConfig.Creation;
import dev.keg.mountspec.MountConfig.ImagePart;
import dev.keg.mountspec.MountConfig.TmpfsPart;
import dev.keg.mountspec.MountConfig.VolumePart;
import dev.keg.mountspec.MountSpec.Bind;
import dev.keg.mountspec.MountSpec.Named;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StructuredLinuxTest {
  private static final BindPart BIND = new BindPart("", Recursion.ENABLED, false);
  private static final VolumePart VOLUME = new VolumePart(false, "", Creation.DEFAULT);
  private static final TmpfsPart TMPFS = new TmpfsPart(0, 0, List.of());
  private static final ImagePart IMAGE = new ImagePart("");

  private final LinuxRules rules = new LinuxRules(FakeHost.linux());
  private final MountSpecs specs = new MountSpecs(PathStyle.LINUX, FakeHost.linux());

  private static MountConfig config(String type, String source, String target) {
    return new MountConfig(type, source, target, false);
  }

  private static VolumePart subpath(String path) {
    return new VolumePart(false, path, Creation.DEFAULT);
  }

  static Stream<MountConfig> valid() {
    return Stream.of(
        config("volume", "", "/foo"),
        config("volume", "hello", "/foo"),
        config("volume", "hello", "/foo").with(VOLUME),
        config("volume", "hello", "/foo").with(subpath("world")),
        config("volume", "hello", "/foo").with(subpath("a/../b")),
        config("volume", "hello", "/foo").with(subpath("..a")),
        config("volume", "hello@night", "/foo"),
        config("bind", "/home", "/foo"),
        config("bind", "/home", "/foo/").with(BIND),
        config("bind", "/home", "/foo").with(new BindPart("rslave", Recursion.DISABLED, false)),
        config("bind", "/etc/hosts", "/etc/hosts"),
        config("bind", "/nope", "/foo").with(new BindPart("", Recursion.ENABLED, true)),
        config("tmpfs", "", "/foo"),
        config("tmpfs", "", "/foo").with(TMPFS),
        config("tmpfs", "", "/foo").with(new TmpfsPart(1024, 0700, List.of(List.of("exec")))),
        config("image", "hello", "/foo"),
        config("image", "hello", "/foo").with(new ImagePart("world")));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void what_docker_mounts_is_accepted(MountConfig config) {
    assertThatCode(() -> rules.check(config)).doesNotThrowAnyException();
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        Arguments.of(config("volume", "", ""), "field Target must not be empty"),
        Arguments.of(
            config("volume", "", "/foo").with(subpath("x")),
            "must not set Subpath when using anonymous volumes"),
        Arguments.of(
            config("volume", "hello", "/foo").with(subpath("../x")),
            "subpath must be a relative path within the volume"),
        Arguments.of(
            config("volume", "hello", "/foo").with(subpath("a/../../x")),
            "subpath must be a relative path within the volume"),
        Arguments.of(
            config("volume", "hello", "/foo").with(subpath("/x")),
            "subpath must be a relative path within the volume"),
        Arguments.of(
            config("volume", "hello@night", "/foo").with(subpath("x")),
            "must not set Subpath when using a snapshot"),
        Arguments.of(
            config("volume", "hello@night", "/foo")
                .with(new VolumePart(false, "", new Creation("loop", Map.of(), Map.of(), false))),
            "must not set how to create a volume when using a snapshot"),
        Arguments.of(
            config("volume", "hello", "/foo").with(BIND),
            "field BindOptions must not be specified"),
        Arguments.of(
            config("volume", "hello", "/foo").with(IMAGE),
            "field ImageOptions must not be specified"),
        Arguments.of(
            config("volume", "hello", "/foo").with(TMPFS),
            "field TmpfsOptions must not be specified"),
        Arguments.of(config("bind", "/home", ""), "field Target must not be empty"),
        Arguments.of(config("bind", "", "/foo"), "field Source must not be empty"),
        Arguments.of(
            config("bind", "/home", "/foo").with(VOLUME),
            "field VolumeOptions must not be specified"),
        Arguments.of(
            config("bind", "/home", "/foo").with(IMAGE),
            "field ImageOptions must not be specified"),
        Arguments.of(config("bind", "/nope", "/foo"), "bind source path does not exist: /nope"),
        Arguments.of(
            config("bind", "rel", "/foo"), "invalid mount path: 'rel' mount path must be absolute"),
        Arguments.of(
            config("bind", "/home", "/foo").with(new BindPart("bogus", Recursion.ENABLED, false)),
            "invalid propagation mode: bogus"),
        Arguments.of(
            config("bind", "/home", "/"), "invalid specification: destination can't be '/'"),
        Arguments.of(
            config("volume", "x", "//"), "invalid specification: destination can't be '/'"),
        Arguments.of(config("tmpfs", "", "/."), "invalid specification: destination can't be '/'"),
        Arguments.of(config("volume", "", "\\"), "invalid specification: destination can't be '/'"),
        Arguments.of(
            config("volume", "", "/a/.."), "invalid specification: destination can't be '/'"),
        Arguments.of(
            config("volume", "", "rel"), "invalid mount path: 'rel' mount path must be absolute"),
        Arguments.of(config("tmpfs", "hello", "/foo"), "field Source must not be specified"),
        Arguments.of(
            config("tmpfs", "", "/foo").with(BIND), "field BindOptions must not be specified"),
        Arguments.of(
            config("tmpfs", "", "/foo").with(VOLUME), "field VolumeOptions must not be specified"),
        Arguments.of(
            config("tmpfs", "", "/foo").with(new TmpfsPart(0, 0, List.of(List.of("INVALID")))),
            "invalid option: INVALID"),
        Arguments.of(
            config("tmpfs", "", "/foo").with(new TmpfsPart(0, 0, List.of(List.of()))),
            "invalid option array length"),
        Arguments.of(
            config("tmpfs", "", "/foo")
                .with(new TmpfsPart(0, 0, List.of(List.of("exec", "a", "b")))),
            "invalid option array length"),
        Arguments.of(config("image", "hello", ""), "field Target must not be empty"),
        Arguments.of(config("image", "", "/foo"), "field Source must not be empty"),
        Arguments.of(
            config("image", "hello", "/foo").with(new ImagePart("/bar")),
            "subpath must be a relative path within the volume"),
        Arguments.of(
            config("image", "hello", "/foo").with(TMPFS),
            "field TmpfsOptions must not be specified"),
        Arguments.of(config("invalid", "", "/foo"), "mount type unknown"),
        Arguments.of(config("npipe", "a", "/foo"), "mount type unknown"),
        Arguments.of(config("cluster", "a", "/foo"), "mount type unknown"));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void what_docker_refuses_is_refused_in_its_words(MountConfig config, String inner) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.structured(config))
        .withMessage("invalid mount config for type \"" + config.type() + "\": " + inner);
  }

  @Test
  void an_image_is_refused_with_what_to_do_instead() {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> specs.structured(config("image", "hello", "/foo")))
        .withMessage("invalid mount config for type \"image\": Keg does not support images")
        .satisfies(e -> assertThat(e.hint()).isPresent());
  }

  @Test
  void a_bind_loses_what_its_paths_do_not_need() {
    assertThat(specs.structured(new MountConfig("bind", "/home/", "/foo//bar/", true)))
        .isEqualTo(new Bind("/home", "/foo/bar", Access.DEFAULT.withReadOnly(true), false));
  }

  @Test
  void a_volume_carries_how_to_make_it() {
    Creation creation = new Creation("nfs", Map.of("server", "nas"), Map.of("tier", "db"), false);

    assertThat(
            specs.structured(
                config("volume", "data", "/foo").with(new VolumePart(true, "sub", creation))))
        .isEqualTo(
            new Named(
                new WantedVolume(
                    new VolumeName("data"),
                    "nfs",
                    Options.of(Map.of("server", "nas")),
                    new Labels(new TreeMap<>(Map.of("tier", "db"))),
                    false),
                "sub",
                "/foo",
                Access.DEFAULT,
                false));
  }
}
