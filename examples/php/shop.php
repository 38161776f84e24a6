<?php
// A tiny marketplace. What it sends to Prakerja is signed:
// HMAC-SHA1 over client_code, time, method, path, Authorization and body.
declare(strict_types=1);

/** Prakerja said no; `reason` is its own code, such as ERRPLT40094. */
class Declined extends Exception
{
    public function __construct(public readonly string $reason, string $message)
    {
        parent::__construct("$reason: $message");
    }
}

/** Nothing came back, so nobody here knows what Prakerja did. */
class NoAnswer extends Exception {}

/** One class for one buyer: waiting (for the OTP), paid, or unclear. */
class Order
{
    public string $state = 'waiting';
    public string $transaction = '';

    public function __construct(public readonly string $invoice, public readonly string $token) {}
}

class Shop
{
    private const API = '/api/v1/integration/payment/';
    private const MILLISECONDS = 2000;
    private const WRONG_OTP = 'ERRPLT40094';
    private const UNKNOWN_PAYMENT = 'ERRPLT40099';

    public function __construct(private string $baseUrl, private string $clientCode, private string $signKey) {}

    /** The buyer chose a class and typed his card number: Prakerja sends him an OTP. */
    public function order(string $invoice, array $course, string $card, string $buyer): Order
    {
        $asked = $this->call('send-otp', [
            'prakerja_id' => $card,
            'user_platform_id' => $buyer,
            'amount' => $course['price'],
            'course_code' => $course['course_code'],
            'schedule_code' => $course['schedule_code'],
        ]);
        return new Order($invoice, $asked['payment_token']);
    }

    /** The buyer typed the OTP; whether the class is his now. A wrong OTP may be typed again. */
    public function pay(Order $order, string $otp): bool
    {
        if ($order->state === 'paid') {
            return true;
        }
        $body = ['otp' => $otp, 'invoice_code' => $order->invoice, 'invoice_url' => 'https://shop.example/orders'];
        try {
            $paid = $this->call('authorize', $body, $order->token);
        } catch (NoAnswer) {
            return $this->recover($order);
        } catch (Declined $declined) {
            if ($declined->reason !== self::WRONG_OTP) {
                throw $declined;
            }
            return false;
        }
        [$order->state, $order->transaction] = ['paid', $paid['transaction_code']];
        return true;
    }

    /** Nobody here knows whether the card paid: Prakerja does. */
    public function recover(Order $order): bool
    {
        $order->state = 'unclear';
        try {
            $paid = $this->call('status', ['invoice_code' => $order->invoice]);
        } catch (Declined $declined) {
            if ($declined->reason !== self::UNKNOWN_PAYMENT) {
                throw $declined;
            }
            $order->state = 'waiting';
            return false;
        }
        [$order->state, $order->transaction] = ['paid', $paid['transaction_code']];
        return true;
    }

    /** One signed request; answers `data`. Throws Declined or NoAnswer. */
    private function call(string $step, array $body, string $token = ''): array
    {
        $raw = json_encode($body, JSON_THROW_ON_ERROR);
        $now = (string) time();
        $authorization = $token === '' ? '' : "Payment $token";
        $text = $this->clientCode . $now . 'POST' . self::API . $step . $authorization . $raw;
        $headers = [
            'Content-Type: application/json',
            "client_code: $this->clientCode",
            "timestamp: $now",
            'signature: ' . hash_hmac('sha1', $text, $this->signKey),
        ];
        if ($token !== '') {
            $headers[] = "Authorization: $authorization";
        }
        $request = curl_init($this->baseUrl . self::API . $step);
        curl_setopt_array($request, [
            CURLOPT_POSTFIELDS => $raw,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT_MS => self::MILLISECONDS,
        ]);
        $answer = curl_exec($request);
        $told = is_string($answer) ? json_decode($answer, true) : null;
        if (!is_array($told)) {
            throw new NoAnswer(curl_error($request));
        }
        if (!$told['success']) {
            throw new Declined($told['code'], $told['message']);
        }
        return $told['data'] ?? [];
    }
}
