// An institution's program with java.net.http: asks about a redeem code, commits it, prints both answers.
// Arguments: URL CLIENT_CODE SIGN_KEY REDEEM_CODE [HOST].  Proxy and trust store come from the system
// properties, as Java reads them; it tries HTTP/2 first, as HttpClient does unless told otherwise.

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Redeem {
    private static final String PATH = "/api/v1/integration/payment/redeem-code/";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void main(String[] given) throws Exception {
        String code = given[3];
        String status = call(given, "status", "{\"redeem_code\":\"" + code + "\",\"sequence\":1}");
        String commit = call(given, "commit", "{\"redeem_code\":\"" + code + "\"}");
        System.out.println("{\"status\":" + status + ",\"commit\":" + commit + "}");
    }

    private static String call(String[] given, String step, String body) throws Exception {
        String timestamp = Long.toString(System.currentTimeMillis() / 1000);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(given[0] + PATH + step))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .header("client_code", given[1])
            .header("timestamp", timestamp)
            .header("signature", hmac(given[2], given[1] + timestamp + "POST" + PATH + step + body))
            .POST(HttpRequest.BodyPublishers.ofString(body));
        if (given.length > 4) {
            request.header("Host", given[4]);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString()).body().strip();
    }

    private static String hmac(String key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
