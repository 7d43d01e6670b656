package dev.keg.cli.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.json.JsonObject;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportPageTest {
  private static final String DATA = "<script id=\"data\" type=\"application/json\">";

  private static String json(String page) {
    int start = page.indexOf(DATA) + DATA.length();
    return page.substring(start, page.indexOf("</script>", start));
  }

  private static List<String> all(String pattern, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  @Test
  void what_it_shows_can_be_read_back() throws Exception {
    Map<String, @Nullable Object> data = new TreeMap<>();
    data.put("Name", "</script><script>alert(1)</script><!--");
    data.put("Label", "a & b \u2028\u2029 \"quoted\" 'single' \\ @DATA@ @POLICY@ \uD83D\uDEE2");

    String json = json(ReportPage.of(data));

    assertThat(JsonObject.parse(json.getBytes(UTF_8))).isEqualTo(data);
    assertThat(json).doesNotContain("<", ">", "&", "\u2028", "\u2029");
  }

  @Test
  void a_label_that_is_a_script_adds_no_element() {
    String page = ReportPage.of(Map.of("x", "</script><script>alert(1)</script>"));

    assertThat(all("(<script)", page)).hasSameSizeAs(all("(<script)", ReportPage.of(Map.of())));
    assertThat(page).doesNotContain("<script>alert");
  }

  @Test
  void values_become_text_and_never_markup() {
    assertThat(ReportPage.of(Map.of()))
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
  }

  @Test
  void nothing_is_loaded_from_elsewhere() {
    // The name of the SVG namespace is not an address that is fetched.
    String page = ReportPage.of(Map.of()).replace("http://www.w3.org/2000/svg", "");

    assertThat(page).doesNotContain("http:", "https:", "src=", "url(", "@import", "fetch(");
    assertThat(all("href=\"([^\"]*)\"", page)).isNotEmpty().allMatch(to -> to.startsWith("#"));
    assertThat(page).contains("default-src 'none'").doesNotContain("unsafe");
  }

  @Test
  void the_policy_allows_the_one_script_and_the_one_style() throws Exception {
    String page = ReportPage.of(Map.of("x", "<script>1</script>"));

    assertThat(all("'(sha256-[^']*)'", page))
        .containsExactly(
            hash(all("<script>(.*?)</script>", page)), hash(all("<style>(.*?)</style>", page)));
    assertThat(all("( style=|\\son[a-z]+=)\"", page)).isEmpty();
  }

  private static String hash(List<String> only) throws Exception {
    assertThat(only).hasSize(1);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(only.getFirst().getBytes(UTF_8));
    return "sha256-" + Base64.getEncoder().encodeToString(digest);
  }

  @Test
  void every_list_has_a_place_to_jump_to() {
    String page = ReportPage.of(Map.of());

    for (String target : all("href=\"#([^\"]*)\"", page)) {
      assertThat(page).contains("<section id=\"%s\" aria-labelledby".formatted(target));
    }
  }
}
