<?php
// What the shop promises its buyers, tried on a simulated Prakerja. Ends with 0 if all is well, with 1 if not.
declare(strict_types=1);

require __DIR__ . '/shop.php';
require __DIR__ . '/simulator.php';

function check(bool $holds, string $otherwise): void
{
    if (!$holds) {
        throw new LogicException($otherwise);
    }
}

$tests = [
    'the card pays once however often the buyer presses' => function (Box $box, Order $order): void {
        $otp = $box->otp();
        check($box->shop->pay($order, $otp), 'the right OTP was refused');
        check($box->shop->pay($order, $otp), 'paid once, but not twice');
        check($box->balance() === 350_000, 'the card did not pay once');
        $paid = ['party' => 'prakerja', 'path' => 'payment/authorize', 'body' => ['invoice_code' => 'INV-1']];
        $box->verify($paid + ['times' => 1]);
    },
    'a wrong OTP pays nothing and may be typed again' => function (Box $box, Order $order): void {
        $otp = $box->otp();
        $wrong = sprintf('%06d', ((int) $otp + 1) % 1_000_000);
        check(!$box->shop->pay($order, $wrong), 'the shop hands out a class although the OTP was wrong');
        check($box->balance() === 1_000_000, 'a wrong OTP cost money');
        check($box->shop->pay($order, $otp), 'the right OTP was refused after a wrong one');
    },
    'after a lost reply the shop asks what became of the payment' => function (Box $box, Order $order): void {
        $otp = $box->otp();
        $fault = $box->arm('reply_lost', 'payment/authorize');
        check($box->shop->pay($order, $otp), 'the card paid, and the buyer has no class');
        check($box->disarm($fault) === 1, 'no reply was lost');
        check($box->balance() === 350_000, 'the card did not pay once');
        $steps = array_map(
            fn (string $step): array => ['party' => 'prakerja', 'path' => "payment/$step"],
            ['send-otp', 'authorize', 'status'],
        );
        $box->verify(['in_order' => $steps]);
        $box->verify(['party' => 'prakerja', 'path' => 'payment/authorize', 'times' => 1]);
    },
];

$failed = 0;
foreach ($tests as $name => $test) {
    $box = new Box();
    try {
        $test($box, $box->shop->order('INV-1', $box->course, $box->siti['prakerja_id'], 'b-1'));
        echo "ok - $name\n";
    } catch (Throwable $problem) {
        $failed++;
        echo "not ok - $name\n  {$problem->getMessage()}\n";
    } finally {
        $box->drop();
    }
}
exit($failed ? 1 : 0);
