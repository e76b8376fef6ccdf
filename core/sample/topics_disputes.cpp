// SPDX-License-Identifier: Apache-2.0
// The long tail: short questions about rare cases. Nothing in their text looks hard.
#include "topic.h"

namespace signalbox::sample {

namespace {

using enum AskUse;

constexpr Topic kTopics[] = {
    {.id = "chargeback",
     .title = "Chargeback",
     .about = "the chargeback",
     .hardness = Hardness::Tail,
     .facts = {{.spellings = {"withdraw"},
                .says = {"Ask your bank to withdraw the chargeback.",
                         "Only your bank can withdraw it, we cannot do it for you.",
                         "The bank has to withdraw the chargeback at your request."},
                .misses = {"We will close the chargeback for you.",
                           "You do not need to do anything about it."}},
               {.spellings = {"paused"},
                .says = {"Until then your account is paused, and nothing is deleted.",
                         "While it is open, orders from your account stay paused.",
                         "Your account stays paused as long as the case is open."},
                .misses = {"Your account is not affected by it.",
                           "You can go on ordering as usual."}},
               {.spellings = {"written confirmation", "confirmation in writing"},
                .says = {"Send us the bank's written confirmation and we open everything again.",
                         "We need the written confirmation of your bank to close the case.",
                         "As soon as we have the written confirmation, the case is closed."},
                .misses = {"We will see it in our system and close the case."}}},
     .asks =
         {{"I opened a chargeback by mistake. What now?", 0b011, Opener},
          {"how do i stop the chargeback", 0b001, Opener},
          {"Can you cancel it on your side?", 0b001},
          {"Why can't I order any more?", 0b010, FollowUp},
          {"What do you need from the bank?", 0b100},
          {"the bank says it's withdrawn, account still blocked", 0b110, FollowUp},
          {"Will my devices be deleted?", 0b010},
          {"Is a phone call to the bank enough?", 0b101, FollowUp},
          {"My wife disputed your charge at our bank, it was ours after all", 0b011, Opener},
          {"My husband did not know the name of your company on the statement and had the payment "
           "called back. By the time he told me, the bank had opened a case. The order was fine "
           "and "
           "we want to keep the {item}. I would like to have this sorted out with as little "
           "trouble "
           "as possible for both of us",
           0b111, Opener}},
     .steps = {"Call the service line of your bank.", "Name the case and the sum.",
               "Have the end of the case put on paper.", "Send us a scan under the order."},
     .details = {"We do not add a charge of our own.", "The bank may take up to ten days for it.",
                 "The order itself stays valid.", "Your warranty is not touched by it.",
                 "Two open cases cannot be joined."},
     .cautions = {"Please do not pay the order a second time while the case is open.",
                  "If the case is decided against us, the order is treated as returned."}},

    {.id = "split-discount",
     .title = "Refund with a discount",
     .about = "the refund of a discounted order",
     .hardness = Hardness::Tail,
     .facts =
         {{.spellings = {"pro rata", "in proportion", "proportionally"},
           .says = {"The discount is spread over all items pro rata.",
                    "Each item carries its part of the discount, pro rata to its price.",
                    "Your discount was divided in proportion to the prices."},
           .misses = {"You get back the price of the item.",
                      "The discount only counts for the most expensive item."}},
          {.spellings = {"below the minimum", "under the minimum"},
           .says = {"If the rest falls below the minimum, the discount is taken off the refund.",
                    "When what you keep is below the minimum, the discount no longer applies.",
                    "An order that is now below the minimum loses its discount."},
           .misses = {"The discount is yours in any case."}},
          {.spellings = {"whole order", "entire order"},
           .says = {"Shipping is paid back only when the whole order comes back.",
                    "We refund the shipping if you return the whole order.",
                    "For shipping costs, the whole order has to be returned."},
           .misses = {"Shipping is always paid back as well.", "Shipping is never paid back."}}},
     .asks =
         {{"Why is my refund less than what the {item} cost?", 0b001, Opener},
          {"refund is 6 euros short", 0b011, Opener},
          {"How did you get to that sum?", 0b001},
          {"I still paid full price for the other one, didn't I?", 0b001, FollowUp},
          {"Why did I lose the discount?", 0b010},
          {"And the shipping?", 0b100, FollowUp},
          {"Do I get the delivery cost back too?", 0b100},
          {"So what if I send back the rest as well?", 0b110, FollowUp},
          {"I returned one of three lamps, the sum looks wrong", 0b011, Opener},
          {"In the summer sale I bought three things with a discount of twenty euros on the "
           "basket, and "
           "sent one of them back. I have been looking at the sum of the refund for a while now, "
           "and "
           "however I count, it does not fit the price on the page or the price in the mail, so I "
           "would like to see how it comes about",
           0b111, Opener}},
     .steps = {"Open the credit note under the order.", "Look at the column for the discount.",
               "Add the lines of what you returned.", "Write to us if the sum differs."},
     .details = {"Vouchers that you paid for are treated as money.",
                 "Cents are rounded in your favour.", "A free gift has to come back too.",
                 "The credit note shows every line.", "Two returns of one order are added up."},
     .cautions = {"Please do not compare with today's price on the page.",
                  "Offers of three for two have rules of their own."}},

    {.id = "trial-charge",
     .title = "Charged after a trial",
     .about = "the charge after your trial",
     .hardness = Hardness::Tail,
     .facts = {{.spellings = {"14 days", "fourteen days"},
                .says = {"For 14 days after the charge you can take it back.",
                         "You have 14 days from the charge to ask for it.",
                         "Within 14 days of the charge we undo it."},
                .misses = {"Unfortunately a charge like this is final.",
                           "You can ask for it at any time."}},
               {.spellings = {"unused"},
                .says = {"You get all of it back if the plan is unused.",
                         "If the year is unused so far, the full sum is refunded.",
                         "An unused plan is refunded in full."},
                .misses = {"You will get a part of it back."}},
               {.spellings = {"monthly"},
                .says = {"We can also turn it into a monthly plan and refund the difference.",
                         "If you want to stay, switch to monthly and get the difference back.",
                         "Another way is the monthly plan, the rest of the year is refunded."},
                .misses = {"You can keep the plan for the rest of the year."}}},
     .asks = {{"Why was I charged for a year?", 0b001, Opener},
              {"trial ended, {amount} gone, did not want that", 0b011, Opener},
              {"Can I get it back?", 0b011},
              {"How long can I still object?", 0b001, FollowUp},
              {"I have not opened the app since then. Does that matter?", 0b010},
              {"Can I pay by the month instead?", 0b100},
              {"What if I want to keep it, just not for a year?", 0b100, FollowUp},
              {"full refund or only a part?", 0b010, FollowUp},
              {"I only wanted to try pro, now it's a year", 0b101, Opener},
              {"I had put a note in my calendar to stop the trial on the last day, but the trial "
               "ended at "
               "noon and not at midnight, and when I looked in the evening the whole year had been "
               "taken from my card. I have not used anything of it since. I want to know what my "
               "possibilities are now",
               0b111, Opener}},
     .steps = {"Open the page Plan in your profile.", "Choose \"I did not want this\".",
               "Pick one of the two ways.", "Wait for the mail about the refund."},
     .details = {"The trial ends at the hour at which it began.",
                 "A reminder goes out three days before.", "Your scenes are kept.",
                 "A second trial is not possible.", "Charges of an app store are refunded there."},
     .cautions = {"Please do not delete your account before the refund is through.",
                  "Recordings made since the charge count as use."}},

    {.id = "exchange-rate",
     .title = "Refund in another currency",
     .about = "a refund in another currency",
     .hardness = Hardness::Tail,
     .facts =
         {{.spellings = {"in euros", "euro amount"},
           .says = {"We paid back exactly what we had charged in euros.",
                    "In euros, both sums are the same to the cent.",
                    "The euro amount of charge and refund is equal."},
           .misses = {"We paid back the sum that was right on that day.",
                      "There was a mistake, we will send the difference."}},
          {.spellings = {"exchange rate"},
           .says = {"Your bank used the exchange rate of each day, so the sums differ at home.",
                    "The difference is the exchange rate of your bank, which moved in between.",
                    "Between the two days the exchange rate has changed."},
           .misses = {"The difference comes from a processing cost of ours."}},
          {.spellings = {"foreign transaction fee", "foreign fee"},
           .says = {"Its foreign transaction fee is something only your bank can give back.",
                    "Ask your bank about its foreign transaction fee, we never see it.",
                    "The foreign transaction fee stays with your bank."},
           .misses = {"We will also pay back what the bank took."}}},
     .asks =
         {{"Why did I get less back than I paid?", 0b011, Opener},
          {"i paid in dollars and 3 are missing", 0b011, Opener},
          {"Who keeps the difference?", 0b010},
          {"What did you actually send back?", 0b001},
          {"There is also a fee of 1.5 percent. Whose is that?", 0b100},
          {"Can you pay me the rest?", 0b011, FollowUp},
          {"and the fee, who pays that", 0b100, FollowUp},
          {"Which rate did you use?", 0b010, FollowUp},
          {"Refund in pounds doesn't match the charge", 0b011, Opener},
          {"I live outside the euro zone and bought the {item} in your shop in spring. The refund "
           "came on "
           "{day}, and it is a few pounds lower than what had been taken from me for the very same "
           "thing, and a small charge appears next to it as well. I would like to know where this "
           "money has gone and who can give it back",
           0b111, Opener}},
     .steps = {"Find both lines on your statement.", "Look for the sum in the foreign currency.",
               "Compare our mail with it.", "Ask your bank about the rest."},
     .details = {"Some cards convert at the end of the month only.",
                 "We always charge in our own currency.",
                 "You can pay by bank transfer to avoid it.",
                 "The mail shows the sum that left us.", "It can also turn out in your favour."},
     .cautions = {"Please compare the same two lines on the statement.",
                  "Card companies may book a refund under another date."}},

    {.id = "not-received",
     .title = "Delivered, but not here",
     .about = "a parcel that is marked as delivered",
     .hardness = Hardness::Tail,
     .facts = {{.spellings = {"proof of delivery"},
                .says = {"We ask the courier for the proof of delivery.",
                         "The first step is the proof of delivery, which we request for you.",
                         "I would have the proof of delivery checked first."},
                .misses = {"It will surely turn up, have another look.",
                           "The courier's word counts here, I am afraid."}},
               {.spellings = {"10 working days", "ten working days"},
                .says = {"The courier has 10 working days to answer.",
                         "This takes at most 10 working days.",
                         "After 10 working days without an answer we decide for you."},
                .misses = {"This will take a while."}},
               {.spellings = {"declaration"},
                .says = {"We need a short signed declaration from you that you did not get it.",
                         "Please sign the declaration that nothing was handed to you.",
                         "With your signed declaration we send the goods again or refund them."},
                .misses = {"You will have to report it to the police first."}}},
     .asks =
         {{"It says delivered but I don't have it. What now?", 0b001, Opener},
          {"marked as delivered, nobody was here", 0b101, Opener},
          {"Who did they give it to?", 0b001},
          {"How long will the investigation take?", 0b010},
          {"What do I have to do for my part?", 0b100},
          {"Do I have to go to the police?", 0b100, FollowUp},
          {"still no answer, when do you decide", 0b010, FollowUp},
          {"There is a signature that isn't mine. And now?", 0b101, FollowUp},
          {"Neighbours don't have it either, {order}", 0b011, Opener},
          {"According to the page my parcel was handed over at the front door at a quarter past "
           "nine, but "
           "at that time I was in the office and the rest of the family was away too. I have asked "
           "in the whole house and looked behind the bins and in the garage. I would like to know "
           "how you deal with such a thing",
           0b111, Opener}},
     .steps = {"Ask everybody in the house.", "Look at the place that the page names.",
               "Report it under the order.", "Send back the form that you get."},
     .details = {"The position of the scan is recorded.",
                 "Parcels over 200 euros always need a signature.",
                 "You do not pay for the search.", "A later find can simply be sent back.",
                 "Permission to leave a parcel moves the risk to you."},
     .cautions = {"Please do not order again before the case is closed.",
                  "If you allowed a drop-off place, the courier may refuse to pay."}},

    {.id = "downgrade-credit",
     .title = "Credit after a downgrade",
     .about = "the credit after your downgrade",
     .hardness = Hardness::Tail,
     .facts = {{.spellings = {"credit note"},
                .says = {"For the days you did not use there is a credit note.",
                         "You get a credit note for the rest of the period.",
                         "We issue a credit note for what was paid too much."},
                .misses = {"The difference is lost, I am afraid.",
                           "The difference was sent to your card."}},
               {.spellings = {"next invoice"},
                .says = {"It is taken off your next invoice.",
                         "You will see it on the next invoice.",
                         "The sum is set against the next invoice."},
                .misses = {"You will get it back soon."}},
               {.spellings = {"per seat", "for each seat"},
                .says = {"For a team it is counted per seat, from the day each seat was given up.",
                         "The days are counted per seat.", "Per seat, the day of removal counts."},
                .misses = {"For a team the same sum is shared by everybody."}}},
     .asks =
         {{"We went down two seats, where is the money?", 0b101, Opener},
          {"paid the full month, downgraded on {day}", 0b011, Opener},
          {"When do I see it?", 0b010},
          {"Is it paid out to my card?", 0b011},
          {"How do you count the days for a team?", 0b100},
          {"We removed them on different days. Does that matter?", 0b100, FollowUp},
          {"not on this bill", 0b010, FollowUp},
          {"So I don't get money back, just a lower bill?", 0b011, FollowUp},
          {"Invoice after the downgrade is too high", 0b011, Opener},
          {"In the middle of the month we gave up the pro plan for one of our two offices and took "
           "away "
           "four people from the other one. The bill that came on the first shows the same total "
           "as "
           "always. I am sure there is an explanation for it, and I would like to know where the "
           "difference can be found",
           0b111, Opener}},
     .steps = {"Open the page Plan and look at the history.", "Note the day of each change.",
               "Open the list of documents.", "Compare it with the bill that follows."},
     .details = {"A day counts in full from noon on.", "Yearly plans are treated the same way.",
                 "The history shows who changed what.", "Setup costs are not part of it.",
                 "It can be paid out when the account is closed."},
     .cautions = {"Please look at the date on the document first.",
                  "A change on the first of a month may show a month later."}},
};

constexpr std::string_view kAsides[] = {
    "You can see the state of the case under the order.",
    "A colleague from the billing team looks at every case like this.",
    "Keep the mails until the case is closed.",
    "All sums are shown with tax.",
    "The case has a number of its own in the subject of our mails.",
};

} // namespace

const SegmentTopics kDisputeTopics = {"Disputes", 0.06, kTopics, kAsides};

} // namespace signalbox::sample
