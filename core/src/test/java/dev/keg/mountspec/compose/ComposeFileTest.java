package dev.keg.mountspec.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.keg.error.InvalidInput.InvalidName;
import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Recursion;
import dev.keg.mountspec.Access.Relabel;
import dev.keg.mountspec.Access.Restriction;
import dev.keg.mountspec.FakeHost;
import dev.keg.mountspec.MachineMount;
import dev.keg.mountspec.MachineMount.SecurityModel;
import dev.keg.mountspec.MountSpec;
import dev.keg.mountspec.MountSpec.Bind;
import dev.keg.mountspec.MountSpec.Named;
import dev.keg.mountspec.MountSpec.Tmpfs;
import dev.keg.mountspec.MountSpecs;
import dev.keg.mountspec.PathStyle;
import dev.keg.mountspec.WantedVolume;
import dev.keg.mountspec.compose.ComposeFile.Origin;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.VolumeName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ComposeFileTest {
  private static final Access MEMORY =
      Access.DEFAULT.with(Set.of(Restriction.NOEXEC, Restriction.NOSUID, Restriction.NODEV));

  private static ComposeFile parse(String text, Map<String, String> environment) {
    return ComposeFile.parse(
        text,
        new Origin("compose.yaml", "/srv/My Shop.1", environment, null),
        new MountSpecs(PathStyle.LINUX, FakeHost.linux()));
  }

  private static ComposeFile parse(String text) {
    return parse(text, Map.of("HOME", "/root", "TAG", "v2"));
  }

  private static Named volume(WantedVolume volume, String target) {
    return new Named(volume, "", target, Access.DEFAULT, true);
  }

  private static WantedVolume named(String name) {
    return new WantedVolume(
        new VolumeName(name), null, Options.NONE, new Labels(composed(name, Map.of())), false);
  }

  /** The labels of a volume in this test's projects, as set by compose. */
  private static SortedMap<String, String> composed(String name, Map<String, String> labels) {
    boolean mine = name.startsWith("myshop1") || name.startsWith("cache");
    SortedMap<String, String> all = new TreeMap<>(labels);
    all.put("com.docker.compose.project", mine ? "myshop1" : "shop");
    all.put("com.docker.compose.volume", name.startsWith("cache") ? "cache" : "data");
    return all;
  }

  private static Bind bind(String source, String target) {
    return new Bind(source, target, Access.DEFAULT, true);
  }

  /** One entry of the service's volumes, besides the volumes data, cache and shared. */
  private static List<MountSpec> mountsOf(String entry) {
    return parse(
            """
            services:
              web:
                image: x
                volumes:
                  - %s
            volumes:
              data:
              cache: {name: "cache-${TAG}"}
              shared: {external: true}
            """
                .formatted(entry))
        .mounts("web");
  }

  @Test
  void a_volume_with_a_size_and_no_driver_is_a_disk() {
    ComposeFile file =
        parse(
            """
            services: {vm: {volumes: ["db:/data", "logs:/logs"]}}
            volumes:
              db: {size: 20G}
              logs: {driver: loop, size: 1g}
            """);

    assertThat(file.mounts("vm"))
        .extracting(mount -> ((Named) mount).volume())
        .extracting(volume -> volume.driver().orElse(""), WantedVolume::options)
        .containsExactly(
            tuple("image", Options.of(Map.of("format", "qcow2", "fs", "ext4", "size", "20G"))),
            tuple("loop", Options.of(Map.of("size", "1g"))));
  }

  /** The example in qemu-compose's documentation, and each of its forms of a mount. */
  @Test
  void a_file_of_qemu_compose_is_read_as_it_is() {
    ComposeFile file =
        parse(
            """
            version: "1.0"
            networks:
              default:
                driver: bridge
                subnet: auto
            volumes:
              data:
                size: 20G
              cache:
            vms:
              fedora-vm:
                image: https://download.example/Fedora-Cloud-Base.qcow2
                cpu: 2
                memory: 2048
                disk:
                  size: 5G
                networks:
                  - default
                volumes:
                  - data:/var/lib/
                  - source: cache
                    target: /cache
                    read_only: true
              ubuntu-vm:
                image: https://images.example/noble.img
                volumes:
                  - ./volumes/ubuntu/:/mnt/
                  - ./config:/etc/app:ro
                  - source: /srv/a
                    target: /a
                    automount: false
                    mount_options: "cache=loose,msize=104857600"
            """);

    assertThat(file.declared(List.of()))
        .extracting(WantedVolume::name, volume -> volume.options().map().get("size"))
        .containsExactly(
            tuple(Optional.of(new VolumeName("myshop1_cache")), "10G"),
            tuple(Optional.of(new VolumeName("myshop1_data")), "20G"));
    assertThat(file.declared(List.of("fedora-vm")))
        .extracting(volume -> volume.driver().orElse(""))
        .containsExactly("image", "image");
    assertThat(file.mounts("fedora-vm"))
        .extracting(MountSpec::target, mount -> mount.access().readOnly())
        .containsExactly(tuple("/var/lib", false), tuple("/cache", true));
    assertThat(file.mounts("ubuntu-vm"))
        .containsExactly(
            bind("/srv/My Shop.1/volumes/ubuntu", "/mnt"),
            new Bind("/srv/My Shop.1/config", "/etc/app", Access.DEFAULT.withReadOnly(true), true),
            new Bind(
                "/srv/a",
                "/a",
                Access.DEFAULT.with(
                    new MachineMount(false, List.of("cache=loose", "msize=104857600"), null)),
                true));
  }

  @Test
  void what_a_container_uses_beside_machines_is_a_directory() {
    ComposeFile file =
        parse(
            """
            services:
              app: {volumes: ["shared:/data", "sized:/sized"]}
              both: {}
            vms:
              vm: {volumes: ["shared:/data", "own:/own"]}
              both: {}
            volumes:
              shared:
              sized: {size: 1G}
              own:
              idle:
            """);

    assertThat(file.declared(List.of()))
        .extracting(
            volume -> volume.name().orElseThrow().text(), volume -> volume.driver().orElse(""))
        .containsExactly(
            tuple("myshop1_idle", "image"),
            tuple("myshop1_own", "image"),
            tuple("myshop1_shared", ""),
            tuple("myshop1_sized", "image"));
    assertThat(file.isMachine("vm")).isTrue();
    assertThat(file.isMachine("app")).isFalse();
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> file.mounts("both"))
        .withMessageContaining("'both' is both a service and a machine");
  }

  static Stream<Arguments> entries() {
    return Stream.of(
        Arguments.of("data:/data", volume(named("myshop1_data"), "/data")),
        Arguments.of("cache:/c/../cache/", volume(named("cache-v2"), "/cache")),
        Arguments.of(
            "shared:/s",
            volume(
                new WantedVolume(new VolumeName("shared"), null, Options.NONE, Labels.NONE, true),
                "/s")),
        Arguments.of("/anonymous", volume(WantedVolume.ANONYMOUS, "/anonymous")),
        Arguments.of(
            "data:/data:ro,nocopy",
            new Named(
                named("myshop1_data"), "", "/data", Access.DEFAULT.withReadOnly(true), false)),
        Arguments.of("{source: data, target: /data}", volume(named("myshop1_data"), "/data")),
        Arguments.of("{source: ./html, target: /html}", bind("/srv/My Shop.1/html", "/html")),
        Arguments.of("{source: a/b, target: /html}", bind("/srv/My Shop.1/a/b", "/html")),
        Arguments.of(
            "{source: ./html, target: /html, automount: false, security_model: none,"
                + " mount_options: 'cache=loose,msize=104857600'}",
            new Bind(
                "/srv/My Shop.1/html",
                "/html",
                Access.DEFAULT.with(
                    new MachineMount(
                        false, List.of("cache=loose", "msize=104857600"), SecurityModel.NONE)),
                true)),
        Arguments.of("./html:/html", bind("/srv/My Shop.1/html", "/html")),
        Arguments.of("../html:/html", bind("/srv/html", "/html")),
        Arguments.of(".:/html", bind("/srv/My Shop.1", "/html")),
        Arguments.of("~/html:/html", bind("/root/html", "/html")),
        Arguments.of("'${HOME}/html:/html'", bind("/root/html", "/html")),
        Arguments.of("/missing/dir:/html", bind("/missing/dir", "/html")),
        Arguments.of(
            "./html:/html:ro,z,rslave",
            new Bind(
                "/srv/My Shop.1/html",
                "/html",
                Access.DEFAULT
                    .withReadOnly(true)
                    .with(Propagation.RSLAVE)
                    .with(Relabel.SHARED, null),
                true)),
        Arguments.of(
            "{type: volume, source: data, target: /data, read_only: true}",
            new Named(named("myshop1_data"), "", "/data", Access.DEFAULT.withReadOnly(true), true)),
        Arguments.of(
            "{type: volume, source: data, target: /d, volume: {nocopy: yes, subpath: a/b}}",
            new Named(named("myshop1_data"), "a/b", "/d", Access.DEFAULT, false)),
        Arguments.of(
            "{type: volume, target: /d, volume: {labels: {a: 1}}}",
            volume(
                new WantedVolume(
                    null, null, Options.NONE, new Labels(new TreeMap<>(Map.of("a", "1"))), false),
                "/d")),
        Arguments.of(
            "{type: bind, source: html, target: /html, x-mine: 1}",
            bind("/srv/My Shop.1/html", "/html")),
        Arguments.of(
            "{type: bind, source: /home, target: /html, bind: {create_host_path: false}}",
            new Bind("/home", "/html", Access.DEFAULT, false)),
        Arguments.of(
            "{type: bind, source: ., target: /h, consistency: cached, bind: {propagation: shared,"
                + " selinux: Z, recursive: disabled}}",
            new Bind(
                "/srv/My Shop.1",
                "/h",
                Access.DEFAULT
                    .with(Propagation.SHARED)
                    .with(Recursion.DISABLED)
                    .with(Relabel.PRIVATE, null),
                true)),
        Arguments.of("{type: tmpfs, target: /t}", new Tmpfs("/t", List.of(), MEMORY)),
        Arguments.of(
            "{type: tmpfs, target: /t, tmpfs: {size: 64m, mode: 0o1777}}",
            new Tmpfs("/t", List.of("mode=1777", "size=64m"), MEMORY)),
        Arguments.of(
            "{type: tmpfs, target: /t, tmpfs: {size: 0.0001}}", new Tmpfs("/t", List.of(), MEMORY)),
        Arguments.of(
            "{type: tmpfs, target: /t, tmpfs: {size: 1024, mode: 755}}",
            new Tmpfs("/t", List.of("mode=755", "size=1k"), MEMORY)));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void an_entry_is_a_mount(String entry, MountSpec mount) {
    assertThat(mountsOf(entry)).containsExactly(mount);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nope:/x         | service "web" refers to undefined volume nope: invalid compose project
          :/x             | services.web.volumes.[0]: invalid volume specification: ':/x': invalid spec: :/x: empty section between colons
          data:/x:ro:x    | services.web.volumes.[0]: invalid spec: data:/x:ro:x: too many colons
          data:/x:bogus   | services.web.volumes.[0]: invalid mode: bogus
          data:x          | services.web.volumes.[0]: invalid mount config for type "volume": invalid mount path: 'x' mount path must be absolute
          ./x:/           | services.web.volumes.[0]: invalid mount config for type "bind": invalid specification: destination can't be '/'
          C:\\x:/x        | service "web" refers to undefined volume C:\\x: invalid compose project
          '$'             | invalid interpolation format for services.web.volumes.[0].
          '${NOPE?why}'   | error while interpolating services.web.volumes.[0]: required variable NOPE is missing a value: why
          [a]             | services.web.volumes.[0] must be a string or a mapping
          {target: /x}    | services.web.volumes.[0] missing property 'type'
          {source: data, target: /x, security_model: odd} | services.web.volumes.[0].security_model must be one of 'mapped-xattr', 'mapped-file', 'passthrough', 'none'
          {source: data, target: /x, mount_options: 'a b'} | invalid mount option 'a b'
          {type: volume}  | services.web.volumes.[0] is missing a mount target
          {type: bogus, target: /x} | services.web.volumes.[0]: invalid mount config for type "bogus": mount type unknown
          {type: image, source: i, target: /x} | services.web.volumes.[0]: invalid mount config for type "image": Keg does not support images
          {type: bind, target: /x}  | services.web.volumes.[0]: invalid mount config for type "bind": field Source must not be empty
          {type: bind, source: /nope, target: /x, bind: {create_host_path: false}} | services.web.volumes.[0]: invalid mount config for type "bind": bind source path does not exist: /nope
          {type: volume, target: /x, bind: {}} | services.web.volumes.[0]: invalid mount config for type "volume": field BindOptions must not be specified
          {type: tmpfs, source: a, target: /x} | services.web.volumes.[0]: invalid mount config for type "tmpfs": field Source must not be specified
          {type: tmpfs, target: /x, tmpfs: {size: x}} | services.web.volumes.[0].tmpfs.size is not a size: invalid size: 'x'
          {type: tmpfs, target: /x, tmpfs: {mode: 8}} | services.web.volumes.[0].tmpfs.mode is not an octal mode: 8
          {type: bind, source: ., target: /x, bind: {selinux: q}} | services.web.volumes.[0].bind.selinux must be 'z' or 'Z'
          {type: bind, source: ., target: /x, bind: {recursive: q}} | services.web.volumes.[0].bind.recursive must be one of 'enabled', 'disabled', 'writable', 'readonly'
          {type: bind, source: ., target: /x, bind: {propagation: q}} | services.web.volumes.[0]: invalid mount config for type "bind": invalid propagation mode: q
          {type: bind, source: ., target: /x, bind: {bogus: q}} | services.web.volumes.[0].bind additional properties 'bogus' not allowed
          {type: volume, target: /x, readonly: true} | services.web.volumes.[0] additional properties 'readonly' not allowed
          {type: volume, target: /x, read_only: 2} | services.web.volumes.[0].read_only must be a boolean
          """)
  void what_is_wrong_with_an_entry_names_its_place(String entry, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> mountsOf(entry))
        .withMessageStartingWith(message);
  }

  /** The options with which the volume {@code data} is created for this description. */
  private static WantedVolume declared(String description) {
    MountSpec mount =
        parse(
                """
                name: shop
                x-base: &base {driver: nfs, labels: {a: 1}}
                services: {web: {volumes: ["data:/data"]}}
                volumes:
                  data: %s
                """
                    .formatted(description))
            .mounts("web")
            .getFirst();
    return ((Named) mount).volume();
  }

  private static WantedVolume made(
      String name, String driver, Map<String, String> options, Map<String, String> labels) {
    return new WantedVolume(
        new VolumeName(name),
        driver,
        Options.of(options),
        new Labels(composed(name, labels)),
        false);
  }

  @Test
  void a_file_declares_volumes_for_all_services_or_some() {
    ComposeFile file =
        parse(
            """
            services:
              web: {volumes: ["data:/a", "data:/b", "/anonymous", "./d:/d"]}
              db: {volumes: ["shared:/s", "data:/c"]}
            volumes:
              unused: {labels: {a: 1}}
              shared: {external: true}
              data:
            """);

    assertThat(file.declared(List.of()))
        .extracting(volume -> volume.name().orElseThrow().text())
        .containsExactly("myshop1_data", "shared", "myshop1_unused");
    assertThat(file.declared(List.of("web"))).containsExactly(named("myshop1_data"));
    assertThat(file.declared(List.of("web", "db")))
        .containsExactly(named("myshop1_data"), external("shared"));
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> file.declared(List.of("nope")))
        .withMessage("no such service: nope");
  }

  private static WantedVolume external(String name) {
    return new WantedVolume(new VolumeName(name), null, Options.NONE, Labels.NONE, true);
  }

  static Stream<Arguments> declarations() {
    return Stream.of(
        Arguments.of("", named("shop_data")),
        Arguments.of("{}", named("shop_data")),
        Arguments.of("null", named("shop_data")),
        Arguments.of("{name: other}", named("other")),
        Arguments.of("{name: \"a-$TAG\"}", named("a-v2")),
        Arguments.of("{external: true}", external("data")),
        Arguments.of("{external: true, name: other, x-y: 1}", external("other")),
        Arguments.of("{external: {name: other}}", external("other")),
        Arguments.of("{external: false}", named("shop_data")),
        Arguments.of("{driver: loop}", made("shop_data", "loop", Map.of(), Map.of())),
        Arguments.of(
            "{driver: loop, driver_opts: {size: 1g, iops: 100, none: }}",
            made("shop_data", "loop", Map.of("size", "1g", "iops", "100", "none", ""), Map.of())),
        Arguments.of(
            "{driver: local, driver_opts: {type: none, o: 'bind,ro', device: ./d}}",
            made(
                "shop_data",
                "local",
                Map.of("type", "none", "o", "bind,ro", "device", "/srv/My Shop.1/d"),
                Map.of())),
        Arguments.of(
            "{driver: local, driver_opts: {type: nfs, o: addr=1.2.3.4, device: ':/x'}}",
            made(
                "shop_data",
                "local",
                Map.of("type", "nfs", "o", "addr=1.2.3.4", "device", ":/x"),
                Map.of())),
        Arguments.of(
            "{<<: *base, driver: nfs, driver_opts: {server: nas}}",
            made("shop_data", "nfs", Map.of("server", "nas"), Map.of("a", "1"))),
        Arguments.of(
            "{driver: local, labels: [a=1, b, c=d=e]}",
            made("shop_data", "local", Map.of(), Map.of("a", "1", "b", "", "c", "d=e"))));
  }

  @ParameterizedTest
  @MethodSource("declarations")
  void a_declared_volume_says_how_it_is_made(String description, WantedVolume volume) {
    assertThat(declared(description)).isEqualTo(volume);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {external: true, driver: x} | volumes.data: conflicting parameters "external" and "driver" specified
          {external: {name: a}, name: b} | volumes.data: name and external.name conflict; only use name
          {bogus: true}               | volumes.data additional properties 'bogus' not allowed
          {driver_opts: [a]}          | volumes.data.driver_opts must be a mapping
          {driver: [a]}               | volumes.data.driver must be a string
          [a]                         | volumes.data must be a mapping
          {external: maybe}           | volumes.data.external must be a boolean
          """)
  void what_is_wrong_with_a_declaration_names_its_place(String description, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> declared(description))
        .withMessage(message);
  }

  @Test
  void a_volume_gets_no_invalid_name() {
    assertThatExceptionOfType(InvalidName.class).isThrownBy(() -> declared("{name: a/b}"));
  }

  @ParameterizedTest
  @CsvSource({
    "'',,,myshop1",
    "'name: shop',,,shop",
    "'name: shop',env,,env",
    "'name: shop',env,flag,flag",
    "'name: \"s-$TAG\"',,,s-v2",
    "'name: shop','',,shop"
  })
  void the_project_is_named_by_flag_environment_file_or_directory(
      String line, String variable, String flag, String project) {
    Map<String, String> environment =
        variable == null
            ? Map.of("TAG", "v2")
            : Map.of("TAG", "v2", "COMPOSE_PROJECT_NAME", variable);
    ComposeFile file =
        ComposeFile.parse(
            line + "\nservices: {web: {volumes: ['/a$COMPOSE_PROJECT_NAME']}}",
            new Origin("compose.yaml", "/srv/My Shop.1/", environment, flag),
            new MountSpecs(PathStyle.LINUX, FakeHost.linux()));

    assertThat(file.project()).isEqualTo(project);
    assertThat(file.mounts("web")).extracting(MountSpec::target).containsExactly("/a" + project);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          name: A B  | parsing compose.yaml: invalid project name "A B": must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number
          ``         | parsing compose.yaml: empty compose file
          a: b: c    | parsing compose.yaml: yaml: line 1: mapping values are not allowed here
          [a]        | parsing compose.yaml: the file must be a mapping
          """)
  void a_file_that_is_not_a_compose_file_is_refused(String text, String message) {
    assertThatExceptionOfType(InvalidSpec.class).isThrownBy(() -> parse(text)).withMessage(message);
  }

  @Test
  void an_unknown_service_is_refused() {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> parse("services: {web: {}}").mounts("db"))
        .withMessage("no such service: db");
  }

  @ParameterizedTest
  @CsvSource({"/run", "[/run]", "['/run:size=1m']"})
  void tmpfs_is_one_text_or_several(String value) {
    assertThat(parse("services: {web: {tmpfs: " + value + "}}").mounts("web"))
        .extracting(MountSpec::target)
        .containsExactly("/run");
  }

  @Test
  void the_last_entry_for_a_target_holds() {
    assertThat(parse("services: {web: {volumes: ['/x:/a', '/y:/b', '/z:/a/']}}").mounts("web"))
        .containsExactly(bind("/z", "/a"), bind("/y", "/b"));
  }

  @Test
  void a_volume_and_a_tmpfs_on_one_target_are_refused() {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> parse("services: {web: {volumes: ['/x:/a'], tmpfs: /a}}").mounts("web"))
        .withMessage("Duplicate mount point: /a");
  }

  @Test
  void a_service_has_what_the_service_it_extends_has() {
    ComposeFile file =
        parse(
            """
            services:
              base: {volumes: ["/x:/a", "/y:/b"]}
              web: {extends: {service: base}, volumes: ["/z:/a"]}
              api: {extends: base}
            """);

    assertThat(file.mounts("web")).containsExactly(bind("/z", "/a"), bind("/y", "/b"));
    assertThat(file.mounts("api")).isEqualTo(file.mounts("base"));
  }

  @Test
  void volumes_from_adds_what_another_service_mounts() {
    ComposeFile file =
        parse(
            """
            services:
              db: {volumes: ["/x:/a", "/y:/b"]}
              web: {volumes: ["/z:/a"], volumes_from: ["db:ro"]}
            """);

    assertThat(file.mounts("web"))
        .containsExactly(
            bind("/z", "/a"), new Bind("/y", "/b", Access.DEFAULT.withReadOnly(true), true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {extends: {service: a, file: b.yaml}} | services.web.extends refers to another file, which is not supported
          {extends: web}                        | services.web refers to itself through web
          {volumes_from: [web]}                 | services.web refers to itself through web
          {volumes_from: ["container:x"]}       | services.web.volumes_from.[0] refers to a container, and only services are supported: container:x
          {volumes_from: [x]}                   | no such service: x
          {volumes: x}                          | services.web.volumes must be a list
          {tmpfs: {a: b}}                       | services.web.tmpfs must be a list
          [a]                                   | services.web must be a mapping
          """)
  void what_leads_nowhere_is_refused(String service, String message) {
    assertThatExceptionOfType(InvalidSpec.class)
        .isThrownBy(() -> parse("services: {web: " + service + "}").mounts("web"))
        .withMessage(message);
  }

  @Test
  void services_that_share_and_share_again_are_resolved_once_each() {
    StringBuilder text = new StringBuilder("services:\n  s0: {volumes: ['/x:/a']}\n");
    for (int i = 1; i < 60; i++) {
      text.append("  s%d: {volumes_from: [s%d, s%d]}\n".formatted(i, i - 1, i - 1));
    }

    assertThat(parse(text.toString()).mounts("s59")).containsExactly(bind("/x", "/a"));
  }

  @Test
  void a_variable_without_a_value_is_worth_a_warning() {
    ComposeFile file = parse("services: {web: {volumes: ['/x$NOPE:/a']}}");

    assertThat(file.mounts("web")).containsExactly(bind("/x", "/a"));
    assertThat(file.warnings())
        .containsExactly("The \"NOPE\" variable is not set. Defaulting to a blank string.");
  }

  @Test
  void what_other_services_need_is_not_examined() {
    ComposeFile file = parse("services: {web: {}, db: {volumes: ['$']}, old: 7}\nnetworks: [odd]");

    assertThat(file.mounts("web")).isEmpty();
  }
}
