<?php
// The glue between a test and the simulator: a sandbox is a world of this test alone.
declare(strict_types=1);

/** One operation of the admin API; throws with its refusal. */
function admin(string $address, string $method = 'GET', ?array $body = null): array
{
    $headers = ['Content-Type: application/json'];
    if (getenv('PRAKERJA_SIM_TOKEN')) {
        $headers[] = 'Authorization: Bearer ' . getenv('PRAKERJA_SIM_TOKEN');
    }
    $request = curl_init($address);
    curl_setopt_array($request, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
    ]);
    if ($body !== null) {
        curl_setopt($request, CURLOPT_POSTFIELDS, json_encode($body, JSON_THROW_ON_ERROR));
    }
    $answer = curl_exec($request);
    if ($answer === false) {
        throw new RuntimeException("$address: " . curl_error($request));
    }
    $told = json_decode($answer, true, flags: JSON_THROW_ON_ERROR);
    if (curl_getinfo($request, CURLINFO_RESPONSE_CODE) >= 400) {
        throw new RuntimeException("$method $address: {$told['error']['message']}");
    }
    return $told;
}

/** A sandbox with one buyer and one course; `drop` ends it. */
class Box
{
    public readonly array $siti;
    public readonly array $course;
    public readonly Shop $shop;
    private readonly array $leased;
    private readonly string $simulator;

    public function __construct()
    {
        $this->simulator = getenv('PRAKERJA_SIM_URL') ?: 'http://127.0.0.1:8420';
        $course = ['code' => 'barista-dasar', 'title' => 'Barista Dasar', 'category' => 'Makanan & Minuman'];
        $this->leased = admin("$this->simulator/__admin/sandboxes", 'POST', [
            'people' => [['name' => 'Siti Aminah']],
            'courses' => [$course + ['institution' => 'lp-kopi', 'price' => 650_000, 'new' => true]],
        ]);
        $this->siti = $this->leased['people'][0];
        $this->course = $this->leased['courses'][0];
        $credential = array_column($this->leased['credentials'], null, 'party')['tokopedia'];
        $prakerja = $this->leased['addresses']['prakerja'];
        $this->shop = new Shop($prakerja, $credential['client_code'], $credential['sign_key']);
    }

    public function otp(): string
    {
        return $this->at("/inbox/sms?to={$this->siti['phone']}&otp=true&after=0&wait=5s")['otp'];
    }

    public function balance(): int
    {
        return $this->at("/ledger?account=card:{$this->siti['prakerja_id']}&limit=1")['accounts'][0]['balance'];
    }

    public function arm(string $fault, string $where): string
    {
        return $this->at('/faults', 'POST', ['fault' => $fault, 'where' => $where, 'times' => 1])['number'];
    }

    /** Let a fault strike no more; answers how often it struck. */
    public function disarm(string $number): int
    {
        return $this->at("/faults/$number", 'DELETE')['struck'];
    }

    /** Claim what was sent; a wrong claim fails the test and says what came nearest. */
    public function verify(array $claim): void
    {
        $told = $this->at('/timeline/verify', 'POST', $claim);
        check($told['passed'], $told['says']);
    }

    public function drop(): void
    {
        admin("$this->simulator/__admin/sandboxes/{$this->leased['name']}", 'DELETE');
    }

    private function at(string $path, string $method = 'GET', ?array $body = null): array
    {
        return admin($this->leased['addresses']['admin'] . $path, $method, $body);
    }
}
